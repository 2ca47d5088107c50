import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { acceptsCoding } from './accepts-coding.ts';
import { isKnown } from './entity-tags.ts';
import { respondWhole } from './whole-body.ts';

const BROTLI_QUALITY = 9;

type Bytes = Uint8Array<ArrayBuffer>;

/** An answer that never changes while the node runs: its bytes, what they compress to, and how they are told apart. */
export interface PreparedAnswer {
  readonly contentType: string;
  readonly cacheControl: string;
  readonly etag: string;
  readonly body: Bytes;
  /** Both, or neither where compressing does not pay. */
  readonly br?: Bytes;
  readonly gzip?: Bytes;
}

interface PrepareOptions {
  readonly contentType: string;
  readonly cacheControl: string;
  readonly compressed?: { readonly br: Bytes; readonly gzip: Bytes } | undefined;
}

export function prepareAnswer(body: Bytes, options: PrepareOptions): PreparedAnswer {
  const { contentType, cacheControl, compressed } = options;
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { contentType, cacheControl, etag, body, ...compressed };
}

/** Compresses off the event loop. */
export async function compress(body: Bytes): Promise<{ br: Bytes; gzip: Bytes }> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
  return {
    br: new Uint8Array(await promisify(brotliCompress)(body, { params })),
    gzip: new Uint8Array(await promisify(gzip)(body, { level: 9 })),
  };
}

/** Gives a request what is prepared, to be read by `readBody`, or 304 where it has that already (RFC 9110 §13.1.2). */
export function respondPrepared(prepared: PreparedAnswer, request: Request): Response {
  const headers = new Headers({
    'content-type': prepared.contentType,
    'cache-control': prepared.cacheControl,
    etag: prepared.etag,
    vary: 'accept-encoding',
  });
  if (isKnown(request.headers.get('if-none-match'), prepared.etag)) return new Response(null, { status: 304, headers });
  const accepted = request.headers.get('accept-encoding');
  const encoding = (['br', 'gzip'] as const).find((coding) => prepared[coding] && acceptsCoding(accepted, coding));
  if (encoding) headers.set('content-encoding', encoding);
  return respondWhole((encoding && prepared[encoding]) ?? prepared.body, { status: 200, headers });
}
