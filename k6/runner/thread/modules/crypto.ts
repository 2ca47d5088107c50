import { createHash } from 'node:crypto';
import type * as crypto from 'k6/crypto';

function sha256<OE extends crypto.OutputEncoding>(input: string | ArrayBuffer, outputEncoding: OE): crypto.Output<OE>;
function sha256(input: string | ArrayBuffer, outputEncoding: crypto.OutputEncoding): string {
  if (outputEncoding !== 'hex') throw new Error(`sha256() in ${outputEncoding}: the runner has hex alone`);
  return createHash('sha256')
    .update(typeof input === 'string' ? input : new Uint8Array(input))
    .digest('hex');
}

/** The module `k6/crypto`, as far as the runner has it. */
export const cryptoModule = { sha256 } satisfies Pick<typeof crypto, 'sha256'>;
