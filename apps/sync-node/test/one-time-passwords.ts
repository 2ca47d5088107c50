import { URI } from 'otpauth';
import type { CookieJar } from './cookie-jar.ts';

/** What an authenticator app keeps. */
export interface Authenticator {
  /** The code so many periods of 30 s from now. */
  code(periods?: number): string;
  /** In base 32, as the app is given it. */
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** Begins one-time passwords for who is signed in there; they hold once a code is confirmed. */
export async function beginOneTimePasswords(jar: CookieJar, password: string): Promise<Authenticator> {
  const response = await jar.post('/api/auth/two-factor/enable', { password });
  const begun = (await response.json()) as { totpURI: string; backupCodes: string[] };
  const totp = URI.parse(begun.totpURI);
  if (!('period' in totp)) throw new Error('no one-time password of time');
  return {
    code: (periods = 0) => totp.generate({ timestamp: Date.now() + periods * totp.period * 1_000 }),
    secret: totp.secret.base32,
    recoveryCodes: begun.backupCodes,
  };
}
