import type { AuthRequest } from '../auth/auth-request.ts';
import { knownDeviceCookie, knownDeviceOf } from '../auth/known-device.ts';
import type { Limits } from '../limits/limits.ts';
import type { Unguessable, Verdict } from '../limits/tries.ts';
import { DEVICE_TOKEN_PATH, PASSKEY_PATH, SIGN_IN_PREFIX } from './sign-in-routes.ts';

/** What better-auth calls it where a password or a code was looked at and is another. */
const WRONG: ReadonlySet<unknown> = new Set([
  'INVALID_EMAIL_OR_PASSWORD',
  'INVALID_PASSWORD',
  'INVALID_CODE',
  'INVALID_BACKUP_CODE',
]);

/** Where something is shown that nobody guesses, and how it is refused where there is no such thing. */
const UNGUESSABLE: Readonly<Record<string, { readonly secret: Unguessable; readonly wrong: string }>> = {
  [DEVICE_TOKEN_PATH]: { secret: 'device-token', wrong: 'invalid_grant' },
  [PASSKEY_PATH]: { secret: 'passkey', wrong: 'AUTHENTICATION_FAILED' },
};

/**
 * Settles what was tried with a request by its answer, and has a browser in which it was right keep a mark. Throws `RateLimitedError`
 * where something that nobody guesses was wrong too often.
 */
export async function settleTry(
  { tries, devices }: Pick<Limits, 'tries' | 'devices'>,
  { pathname, asked, answer, isSecure }: { pathname: string; asked: AuthRequest; answer: Response; isSecure: boolean },
): Promise<void> {
  const unguessable = UNGUESSABLE[pathname];
  if (unguessable && (await refusalOf(answer)) === unguessable.wrong)
    await tries.wrong(unguessable.secret, asked.address);
  const { tried } = asked.flow;
  if (!tried) return;
  delete asked.flow.tried;
  const verdict = await verdictOf(answer);
  await tried.begun.settle(verdict);
  if (verdict !== 'right') return;
  const marks = devices.remember(knownDeviceOf(asked.headers), tried);
  answer.headers.append('set-cookie', knownDeviceCookie(marks, { path: SIGN_IN_PREFIX, isSecure }));
}

async function verdictOf(answer: Response): Promise<Verdict> {
  if (answer.ok) return 'right';
  return WRONG.has(await refusalOf(answer)) ? 'wrong' : 'neither';
}

/** What a refusal is called: by better-auth, or by RFC 6749. */
async function refusalOf(answer: Response): Promise<unknown> {
  if (answer.status < 400 || answer.status >= 500) return undefined;
  const body: unknown = await answer
    .clone()
    .json()
    .catch(() => null);
  if (typeof body !== 'object' || body === null) return undefined;
  if ('code' in body) return body.code;
  return 'error' in body ? body.error : undefined;
}
