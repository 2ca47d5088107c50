import { twoFactor as betterAuthTwoFactor } from 'better-auth/plugins';

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
    // Wrong codes slow those that follow, and lock nobody out (`limits/`).
    accountLockout: { enabled: false },
    backupCodeOptions: { storeBackupCodes: 'encrypted' },
  });
}
