import { parse, serialize } from 'hono/utils/cookie';
import { KNOWN_DAYS } from '../limits/known-devices.ts';
import { KNOWN_COOKIE } from './cookie-prefix.ts';

const DAY_SECONDS = 24 * 60 * 60;

/** The marks that a browser keeps (`KnownDevices`). */
export function knownDeviceOf(headers: Headers): string {
  return parse(headers.get('cookie') ?? '', KNOWN_COOKIE)[KNOWN_COOKIE] ?? '';
}

/** Has a browser keep marks, for sign-in alone. */
export function knownDeviceCookie(marks: string, { path, isSecure }: { path: string; isSecure: boolean }): string {
  return serialize(KNOWN_COOKIE, marks, {
    path,
    httpOnly: true,
    sameSite: 'Lax',
    secure: isSecure,
    maxAge: KNOWN_DAYS * DAY_SECONDS,
  });
}
