import { type Away, CLOSE_CODES } from '@meldesync/protocol';
import type { Facts } from './facts.ts';
import type { DropReason } from './states.ts';

type Word = Away['reason'];

const WORDS: Record<DropReason, Word | null> = {
  closed: 'closed',
  'sent elsewhere': 'closed',
  'sign-in needed': 'closed',
  refused: 'closed',
  silence: 'silence',
  'no answer': 'silence',
  'no network': 'offline',
  'malformed message': 'other',
  gaps: 'other',
  'snapshot failed': 'other',
  // Whoever stops a client begins anew when it is started again.
  stopped: null,
};
const BY_CODE: ReadonlyMap<number, Word> = new Map([
  [CLOSE_CODES.draining, 'drain'],
  [CLOSE_CODES.stale, 'stale'],
  [CLOSE_CODES.slow, 'slow'],
]);

/** Notes what ended a connection that was live. What fails before the next one is live again changes nothing of it. */
export function noteDrop(facts: Facts, reason: DropReason, now: number): void {
  const word = WORDS[reason];
  if (word === null) facts.lost = null;
  else if (facts.wasLive) facts.lost = { reason: BY_CODE.get(facts.closeCode ?? 0) ?? word, at: now };
  facts.wasLive = false;
}

/** Notes that the store is live. */
export function noteLive(facts: Facts): void {
  facts.wasLive = true;
  facts.lost = null;
  facts.snapshots = 0;
}

/** What `hello` says of the time away; undefined of a client that was not live before. The clock may have been set back. */
export function awayOf({ lost }: Facts, epoch: string | undefined, now: number): Away | undefined {
  if (!lost) return undefined;
  return { reason: lost.reason, awayMs: Math.max(0, now - lost.at), ...(epoch === undefined ? {} : { epoch }) };
}
