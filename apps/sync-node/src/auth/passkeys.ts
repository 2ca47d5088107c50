import { PASSKEY_ERROR_CODES, passkey } from '@better-auth/passkey';
import { APIError } from 'better-auth/api';
import { allowedOrigins } from './origins.ts';

/** Whom passkeys are for: the host that people open. Browsers know no passkeys of an IP address, so on this machine it is its name. */
function passkeyHost(baseUrl: string): string {
  const { hostname } = new URL(baseUrl);
  return hostname === '127.0.0.1' ? 'localhost' : hostname;
}

/**
 * Passkeys. Each is kept where it was made, and used only by who has unlocked it there by finger, face or code: possession and person
 * are two factors, so a passkey that was used without is refused.
 */
export function passkeys(baseUrl: string, trustedOrigins: readonly string[]) {
  return passkey({
    rpID: passkeyHost(baseUrl),
    rpName: 'MeldeSync',
    origin: allowedOrigins(baseUrl, trustedOrigins),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    registration: {
      afterVerification: async ({ verification }) => {
        if (verification.registrationInfo?.userVerified !== true)
          throw APIError.from('BAD_REQUEST', PASSKEY_ERROR_CODES.FAILED_TO_VERIFY_REGISTRATION);
      },
    },
    authentication: {
      afterVerification: async ({ verification }) => {
        if (!verification.authenticationInfo.userVerified)
          throw APIError.from('UNAUTHORIZED', PASSKEY_ERROR_CODES.AUTHENTICATION_FAILED);
      },
    },
  });
}
