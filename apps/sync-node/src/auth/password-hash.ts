import { scrypt, timingSafeEqual } from 'node:crypto';
import { verifyPassword } from 'better-auth/crypto';

/** Passwords as a later release may store them, in the form of PHC strings: `$scrypt$ln=17,r=8,p=1$salt$key`, the last two in Base64. */
const PHC =
  /^\$scrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,2}),p=(?<p>\d)\$(?<salt>[A-Za-z0-9+/]{22,86})\$(?<key>[A-Za-z0-9+/]{43,86})$/;

/** What one check may take: N = 2^17 with r = 8, as OWASP wants it. */
const MAX_BYTES = 128 * 2 ** 17 * 8;

/**
 * Whether a password is the one of a hash: of better-auth (`salt:key`, N = 2^14), or of what a later release writes. That one’s nodes work
 * beside ours, and whoever goes back to ours signs in (ADR 27). Throws for what is neither, or would take more than it may.
 */
export async function isPasswordOf({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  if (!hash.startsWith('$')) return verifyPassword({ hash, password });
  const { ln, r, p, salt = '', key = '' } = PHC.exec(hash)?.groups ?? {};
  const cost = { N: 2 ** Number(ln), r: Number(r), p: Number(p) };
  const bytes = 128 * cost.N * cost.r;
  if (!(bytes <= MAX_BYTES)) throw new Error('a password is stored in a form that is not known here');
  const expected = Buffer.from(key, 'base64');
  const found = await derive(password, {
    salt: Buffer.from(salt, 'base64'),
    length: expected.length,
    cost: { ...cost, maxmem: 2 * bytes },
  });
  return timingSafeEqual(found, expected);
}

interface Derivation {
  readonly salt: Buffer;
  readonly length: number;
  readonly cost: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number };
}

/** Unicode is composed alike first (NFKC, as NIST SP 800-63B asks). */
function derive(password: string, { salt, length, cost }: Derivation): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, length, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
