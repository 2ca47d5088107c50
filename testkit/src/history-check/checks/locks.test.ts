import { expect, it } from 'vitest';
import type { HistoryEvent } from '../history-event.ts';
import { checkLocks } from './locks.ts';

const at = (who: string, monoMs: number) => ({ who, monoMs, wallMs: monoMs });
const granted = (who: string, monoMs: number): HistoryEvent => ({
  ...at(who, monoMs),
  kind: 'lock-granted',
  lock: `of ${who}`,
  records: [1],
});
const over = (who: string, monoMs: number, kind: 'lock-ended' | 'lock-returned'): HistoryEvent => ({
  ...at(who, monoMs),
  kind,
  lock: `of ${who}`,
});
const kindsOf = (...events: HistoryEvent[]) => checkLocks(events).map(({ kind }) => kind);

it('R1.4 a lock that Redis forgot may be had by another while its holder is being told, and no longer', () => {
  expect(kindsOf(granted('a', 0), granted('b', 1_000), over('a', 1_010, 'lock-ended'))).toEqual([]);
  expect(kindsOf(granted('a', 0), granted('b', 1_000), over('a', 7_000, 'lock-ended'))).toEqual(['lock-shared']);
});

it('R1.4 one that is given back was held until then', () => {
  expect(kindsOf(granted('a', 0), granted('b', 1_000), over('a', 1_010, 'lock-returned'))).toEqual(['lock-shared']);
  expect(kindsOf(granted('a', 0), over('a', 990, 'lock-returned'), granted('b', 1_000))).toEqual([]);
});
