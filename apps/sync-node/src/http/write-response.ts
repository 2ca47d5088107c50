import type { HttpResponse } from 'uWebSockets.js';

/** An answer that is complete. */
export interface Answer {
  readonly response: Response;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The request was HEAD: only the body's length is told, and the connection goes on. */
  readonly isHead: boolean;
  /** The connection ends with it; no answer to HEAD does. */
  readonly isLast: boolean;
  /** What is done about an error while the rest of a large body is written. Never throws. */
  readonly failed: (error: unknown) => void;
}

/** Of what is smaller uWS may keep a copy. */
const HANDED_OVER_FROM_BYTES = 256 * 1024;

/** Writes an answer, a large one as its client reads it. Throws where the connection is over. */
export function writeResponse(target: HttpResponse, { response, body, isHead, isLast, failed }: Answer): void {
  writeHead(target, response);
  if (isHead) endOfHead(target, body.byteLength);
  else if (isLast || body.byteLength < HANDED_OVER_FROM_BYTES) target.end(body, isLast);
  else endAsRead(target, body, failed);
}

/**
 * Without a length to report: with one uWS waits for as many bytes as if they were to come, and ends the connection over whatever the client
 * asks for next on it.
 */
function endOfHead(target: HttpResponse, bodyBytes: number): void {
  target.writeHeader('content-length', String(bodyBytes));
  target.endWithoutBody();
}

/** Writes status and headers, but for the length, which uWS writes itself. */
export function writeHead(target: HttpResponse, response: Response): void {
  const { headers } = response;
  target.writeStatus(statusLine(response));
  for (const [name, value] of headers) {
    if (name !== 'content-length' && name !== 'set-cookie') target.writeHeader(name, value);
  }
  for (const cookie of headers.getSetCookie()) target.writeHeader('set-cookie', cookie);
}

/**
 * Gives uWS the rest of a body each time the client has read what it had: `end` copies all that is unread, for each who asks, and
 * those who ask and read nothing would fill the memory.
 */
function endAsRead(target: HttpResponse, body: Answer['body'], failed: Answer['failed']): void {
  const write = (from: number) => target.tryEnd(body.subarray(from), body.byteLength)[0];
  target.onWritable((from) => {
    try {
      return write(from);
    } catch (error) {
      failed(error);
      return true;
    }
  });
  write(0);
}

/**
 * Writes an answer while the body of its request is still coming; the connection is the caller's to close. Throws where it is over.
 * uWS ends a connection together with the answer, on bytes that nobody has read, and the client's system may then throw the answer
 * away, or not at all. So the whole answer goes out as what is its first line to uWS, which puts a line break behind it.
 */
export function writeEarlyResponse(target: HttpResponse, { response, body }: Pick<Answer, 'response' | 'body'>): void {
  const lines = [statusLine(response)];
  for (const [name, value] of response.headers) lines.push(`${name}: ${value}`);
  lines.push('connection: close', `content-length: ${body.byteLength + LINE_BREAK.length}`, '', '');
  target.writeStatus(Buffer.concat([Buffer.from(lines.join(LINE_BREAK)), body]));
}

const LINE_BREAK = '\r\n';

function statusLine({ status, statusText }: Response): string {
  return `${status} ${statusText || STATUS_TEXTS[status] || 'Status'}`;
}

/** Reason phrases (RFC 9110 §15) of the statuses this service uses. */
const STATUS_TEXTS: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  302: 'Found',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  423: 'Locked',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
