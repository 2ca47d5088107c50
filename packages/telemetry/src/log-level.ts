import type { IncomingMessage } from 'node:http';
import { LOG_LEVELS, type Logger, type LogLevel } from './logger.ts';

/** The path of the admin port at which the log level is asked for (`GET`) and set (`PUT`). */
export const LOG_LEVEL_PATH = '/loglevel';

const MAX_BODY_BYTES = 1_024;
/** A request that goes on for longer is not read to its end: its answer may be lost. */
const MOST_READ_BYTES = 64 * 1_024;
const USE = `PUT with {"level":"…"}, one of ${LOG_LEVELS.join(', ')}`;

/**
 * Answers `{"level":"info"}`: to `GET` what it is, to `PUT` with such a body what it has become; 400 to any other body, 403 to a web
 * page, 405 else.
 */
export async function answerLogLevel(
  request: IncomingMessage,
  logger: Logger,
): Promise<{ readonly status: 200 | 400 | 403 | 405; readonly body: string }> {
  switch (request.method) {
    case 'PUT': {
      if (isOfPage(request)) return { status: 403, body: `${JSON.stringify({ error: 'not for web pages' })}\n` };
      const level = levelOf(await readBody(request));
      if (level === undefined) return { status: 400, body: `${JSON.stringify({ error: USE })}\n` };
      logger.level = level;
      break;
    }
    case 'GET':
    case 'HEAD':
      break;
    default:
      return { status: 405, body: `${JSON.stringify({ error: USE })}\n` };
  }
  return { status: 200, body: `${JSON.stringify({ level: logger.level })}\n` };
}

/**
 * A browser names the page with each `PUT`, also where a name of the page's own leads to this machine (DNS rebinding) and it takes both
 * for the same origin.
 */
function isOfPage({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
}

/** Undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    // The rest is read all the same, within reason: whoever sends it is to get the answer.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else if (bytes > MOST_READ_BYTES) break;
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

function levelOf(body: string | undefined): LogLevel | undefined {
  try {
    const value: unknown = JSON.parse(body ?? '');
    if (typeof value !== 'object' || value === null || !('level' in value)) return undefined;
    return LOG_LEVELS.find((level) => level === value.level);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
