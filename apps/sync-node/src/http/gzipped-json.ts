import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { acceptsCoding } from './accepts-coding.ts';
import { weakTagOf } from './finish-answer.ts';
import { respondWhole } from './whole-body.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const decompress = promisify(gunzip);
/** What is being decompressed, and what somebody is still being sent: those who ask meanwhile get the same bytes. */
const underWay = new WeakMap<Buffer, Promise<Bytes>>();
const inUse = new WeakMap<Buffer, WeakRef<Bytes>>();
/** What tells them apart, made once for all who ask. */
const tags = new WeakMap<Buffer, string>();

/**
 * An answer of JSON that was compressed once for all who ask. Typed as whatever the route promises: the bytes are of that
 * form, and are not parsed again to prove it.
 */
export async function gzippedJson(
  body: Buffer,
  acceptEncoding: string | undefined,
  further: Readonly<Record<string, string>> = {},
): Promise<never> {
  const isGzipAccepted = acceptsCoding(acceptEncoding, 'gzip');
  const bytes = isGzipAccepted ? bytesOf(body) : await plainBytes(body);
  return respondWhole(bytes, {
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      vary: 'accept-encoding',
      etag: tagOf(body),
      ...further,
      ...(isGzipAccepted ? { 'content-encoding': 'gzip' } : {}),
    },
  }) as never;
}

function tagOf(body: Buffer): string {
  const tag = tags.get(body) ?? weakTagOf(body);
  tags.set(body, tag);
  return tag;
}

async function plainBytes(body: Buffer): Promise<Bytes> {
  const known = inUse.get(body)?.deref() ?? underWay.get(body);
  if (known) return known;
  const decompressing = decompress(body).then(bytesOf);
  underWay.set(body, decompressing);
  try {
    const bytes = await decompressing;
    inUse.set(body, new WeakRef(bytes));
    return bytes;
  } finally {
    underWay.delete(body);
  }
}

/** The same bytes, under their plain type: what zlib and the cache of pages give is never of shared memory. */
function bytesOf({ buffer, byteOffset, byteLength }: Buffer): Bytes {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}
