import type { ErrorCode } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';

/** Errors with which a provider sends somebody back (RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6) that are not simply failures. */
const CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ['access_denied', 'sso-cancelled'],
  ['temporarily_unavailable', 'sso-unavailable'],
  ['server_error', 'sso-unavailable'],
  ['oauth_provider_not_found', 'sso-unavailable'],
]);

/** What better-auth calls its own refusals; anything else may have been written by whoever made the address. */
const KNOWN = new Set([
  ...CODES.keys(),
  'state_mismatch',
  'state_not_found',
  'state_invalid',
  'invalid_code',
  'no_code',
  'issuer_mismatch',
  'nonce_binding_missing',
  'unable_to_get_user_info',
  'email_not_found',
  'invalid_callback_request',
  'internal_server_error',
]);

/** Whether somebody came back with an error that is about them: not one that says that the provider cannot be asked now. */
export function isProviderRefusal(error: string | null): boolean {
  return error !== null && CODES.get(error) !== 'sso-unavailable';
}

/** The page for signing in, with a code of ours. */
export function toSignIn(baseUrl: string, code: ErrorCode): Response {
  return new Response(null, {
    status: 302,
    headers: { location: `${baseUrl}/sign-in?error=${code}`, 'cache-control': 'no-store' },
  });
}

/** The same answer, unless it sends somebody to the page for signing in with an error: then with a code of ours, and nothing else. */
export function backFromProvider(answer: Response, { baseUrl, logger }: { baseUrl: string; logger: Logger }): Response {
  const location = answer.headers.get('location');
  if (location === null || !URL.canParse(location, baseUrl)) return answer;
  const target = new URL(location, baseUrl);
  const error = target.pathname === '/sign-in' ? target.searchParams.get('error') : null;
  if (error === null) return answer;
  const code = CODES.get(error) ?? 'sso-failed';
  logger.event('single-sign-on-refused', { problem: code, reason: KNOWN.has(error) ? error : 'other' });
  return toSignIn(baseUrl, code);
}
