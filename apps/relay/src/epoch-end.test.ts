import type { StoredFeedState } from '@meldesync/db';
import { expect, it } from 'vitest';
import { type EpochFacts, whyEpochEnds } from './epoch-end.ts';

const STATE: StoredFeedState = {
  epoch: '0123abcd',
  confirmedLsn: '1000',
  baseSnapshot: null,
  systemId: '7',
  timeline: 1,
  history: '16400:5/6:7/8',
  token: 3,
};
const FACTS: EpochFacts = {
  state: STATE,
  slotLsn: '1000',
  log: { systemId: '7', timeline: 1, endLsn: '5000', history: '16400:5/6:7/8' },
  distrusted: undefined,
};

it.each<[string, Partial<EpochFacts>]>([
  ['nothing has happened', {}],
  ['the slot is behind, as after a crash of Postgres', { slotLsn: '900' }],
  [
    'a relay of the release before began it',
    { state: { ...STATE, systemId: null, timeline: null, history: null, token: null } },
  ],
  ['it stands at the slot, as a relay of the release before wrote it', { state: { ...STATE, confirmedLsn: '0' } }],
  ['another pass than the last doubts it', { distrusted: { epoch: '0123abcd', token: 2, why: 'log-set-back' } }],
  ['a pass of an earlier epoch doubts that', { distrusted: { epoch: 'ffffffff', token: 3, why: 'log-set-back' } }],
])('an epoch goes on when %s', (_, facts) => {
  expect(whyEpochEnds({ ...FACTS, ...facts })).toBeUndefined();
});

it.each<[string, Partial<EpochFacts>]>([
  ['slot-lost', { slotLsn: undefined }],
  // Compared as numbers: as text 999 comes after 1000.
  ['slot-moved-on', { state: { ...STATE, confirmedLsn: '999' } }],
  ['other-server', { log: { ...FACTS.log, systemId: '8' } }],
  ['other-timeline', { log: { ...FACTS.log, timeline: 2 } }],
  ['log-set-back', { log: { ...FACTS.log, endLsn: '999' } }],
  ['other-history', { log: { ...FACTS.log, history: '16401:5/6:7/8' } }],
  ['log-set-back', { distrusted: { epoch: '0123abcd', token: 3, why: 'log-set-back' } }],
  ['history-put-back', { distrusted: { epoch: '0123abcd', token: 3, why: 'history-put-back' } }],
  ['log-unreadable', { distrusted: { epoch: '0123abcd', token: 3, why: 'log-unreadable' } }],
])('R1.1 an epoch ends: %s', (why, facts) => {
  expect(whyEpochEnds({ ...FACTS, ...facts })).toBe(why);
});
