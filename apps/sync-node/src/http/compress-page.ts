import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Mostly hexadecimal digits: a higher level costs three times as much for a tenth less. */
const COMPRESSION_LEVEL = 4;
const compress = promisify(gzip);

/** Gzips a page's JSON. */
export function compressPage(json: string): Promise<Buffer> {
  return compress(json, { level: COMPRESSION_LEVEL });
}
