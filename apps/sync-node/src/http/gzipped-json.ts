import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { acceptsCoding } from './accepts-coding.ts';

const decompress = promisify(gunzip);

/**
 * An answer of JSON that was compressed once for all who ask. Typed as whatever the route promises: the bytes are of that
 * form, and are not parsed again to prove it.
 */
export async function gzippedJson(body: Buffer, acceptEncoding: string | undefined): Promise<never> {
  const isGzipAccepted = acceptsCoding(acceptEncoding, 'gzip');
  const bytes = isGzipAccepted ? body : await decompress(body);
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      vary: 'accept-encoding',
      ...(isGzipAccepted ? { 'content-encoding': 'gzip' } : {}),
    },
  }) as never;
}
