import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { acceptsCoding } from './accepts-coding.ts';
import { isKnown } from './entity-tags.ts';
import { streamOf } from './streamed-body.ts';
import { readBody, respondWhole } from './whole-body.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What is smaller fits into one packet as it is. */
const WORTH_COMPRESSING_BYTES = 1_400;
const COMPRESSIBLE = /^(?:application\/(?:[\w.-]+\+)?json|text\/)/;
/** It is done for each who asks: little time counts more than a tenth of the length. */
const LEVEL = 4;
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: LEVEL } };

const COMPRESS: Readonly<Record<'br' | 'gzip', (bytes: Bytes) => Promise<Buffer>>> = {
  br: (bytes) => promisify(brotliCompress)(bytes, brotliOptions),
  gzip: (bytes) => promisify(gzip)(bytes, { level: LEVEL }),
};

/** How answers are told apart that have no version: two that are the same say the same, however they are compressed (RFC 9110 §8.8.3). */
export function weakTagOf(body: Uint8Array): string {
  return `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}

/**
 * An answer of the API as it goes out: 304 where what was asked for is known to who asks (RFC 9110 §15.4.5), and a large one compressed. No
 * answer holds both a secret and a text of somebody else's choice, so that its length tells nothing. Streamed answers stay as they are.
 */
export async function finishAnswer({ method, headers: asked }: Request, answer: Response): Promise<Response> {
  if (answer.status !== 200 || streamOf(answer)) return answer;
  const bytes = await readBody(answer);
  const headers = new Headers(answer.headers);
  if (method === 'GET') {
    const etag = headers.get('etag') ?? weakTagOf(bytes);
    headers.set('etag', etag);
    if (isKnown(asked.get('if-none-match'), etag)) return notModified(headers);
  }
  const coding = codingOf(asked, headers, bytes);
  if (!coding) return respondWhole(bytes, { status: 200, headers });
  headers.set('content-encoding', coding);
  return respondWhole(new Uint8Array(await COMPRESS[coding](bytes)), { status: 200, headers });
}

function notModified(headers: Headers): Response {
  for (const name of ['content-type', 'content-length', 'content-encoding']) headers.delete(name);
  return new Response(null, { status: 304, headers });
}

/** How it is to be compressed, which `vary` then names; a strong tag is of these bytes alone. */
function codingOf(asked: Headers, headers: Headers, bytes: Bytes): 'br' | 'gzip' | undefined {
  const isStrong = headers.get('etag')?.startsWith('"') === true;
  if (headers.has('content-encoding') || isStrong || bytes.byteLength < WORTH_COMPRESSING_BYTES) return undefined;
  if (!COMPRESSIBLE.test(headers.get('content-type') ?? '')) return undefined;
  if (!headers.get('vary')?.includes('accept-encoding')) headers.append('vary', 'accept-encoding');
  const accepted = asked.get('accept-encoding');
  return (['br', 'gzip'] as const).find((coding) => acceptsCoding(accepted, coding));
}
