import { twoFactor as betterAuthTwoFactor } from 'better-auth/plugins';

/** Wrong codes in a row after which no more is looked at, and for how long. */
const MOST_FAILED = 10;
const LOCKED_SECONDS = 15 * 60;
/** How long somebody may take from their password to their code. */
const CHALLENGE_SECONDS = 10 * 60;

/**
 * One-time passwords (RFC 6238) with recovery codes. Secret and codes are encrypted with `AUTH_SECRET` in the database; begun, changed
 * and ended only with the password.
 */
export function oneTimePasswords() {
  return betterAuthTwoFactor({
    issuer: 'MeldeSync',
    twoFactorCookieMaxAge: CHALLENGE_SECONDS,
    accountLockout: { enabled: true, maxFailedAttempts: MOST_FAILED, durationSeconds: LOCKED_SECONDS },
    backupCodeOptions: { storeBackupCodes: 'encrypted' },
  });
}
