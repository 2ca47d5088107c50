import { addressOf } from '../auth/address-of.ts';
import type { RequestLimits } from '../auth/request-limits.ts';
import { CodedError } from '../coded-error.ts';

/** A page that is opened asks once or twice; a hospital may be one address. */
const LOOKS = { window: 10, max: 200 };
/** What tries a secret. Nobody guesses one of 256 bits: this keeps the database free. */
const TRIES = { window: 60, max: 60 };

/** Throws `rate-limited` when an address asks more often than people do who are not signed in. */
export async function limitStrangers(limits: RequestLimits, { method, headers }: Request): Promise<void> {
  const isLook = method === 'GET';
  const key = `${isLook ? 'look' : 'try'} ${addressOf(headers) ?? ''}`;
  const { allowed } = await limits.consume(key, isLook ? LOOKS : TRIES);
  if (!allowed) throw new CodedError('rate-limited', 'too many requests of an address');
}
