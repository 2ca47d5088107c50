import { addressOf } from '../auth/address-of.ts';
import type { Limits } from '../limits/limits.ts';
import { isCoded } from './problems.ts';

/** Throws `RateLimitedError` when an address asks far more often than people do who are not signed in. */
export async function limitStrangers({ rates }: Pick<Limits, 'rates'>, { headers }: Request): Promise<void> {
  await rates.ofAddress('entry', addressOf(headers));
}

/** Counts a link that nobody has made, by what its request failed with. Throws `RateLimitedError` when there were too many. */
export async function limitLinks(
  { tries }: Pick<Limits, 'tries'>,
  { headers }: Request,
  failure: unknown,
): Promise<void> {
  if (isCoded(failure, 'link-unknown')) await tries.wrong('link', addressOf(headers));
}
