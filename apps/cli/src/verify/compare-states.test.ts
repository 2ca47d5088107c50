import type { PassedState } from '@meldesync/client';
import { describe, expect, it } from 'vitest';
import { findSameState, tellDifference } from './compare-states.ts';

const cursor = (lsn: number) => `0badcafe:0/${lsn}-0`;
const state = (lsn: number, checksum: number, served: number | null = checksum): PassedState => ({
  cursor: cursor(lsn),
  checksum,
  served,
  records: 1,
});
const answer = (lsn: number, feed: number | null, database: number) => ({
  cursor: cursor(lsn),
  feed,
  database,
  records: 1,
});

describe('verify', () => {
  it('finds the state in which the client held what the database held, however far it is by now', () => {
    const states = [state(1, 10), state(2, 20), state(3, 30), state(4, 40)];
    expect(findSameState(answer(2, 20, 30), states)).toMatchObject({ cursor: cursor(3), feed: 30, screen: 30 });
  });

  it('does not look at what was before the database was asked', () => {
    expect(findSameState(answer(2, 20, 10), [state(1, 10), state(2, 20)])).toBeUndefined();
    expect(findSameState(answer(2, 20, 20), [{ ...state(2, 20), cursor: '0badbeef:0/2-0' }])).toBeUndefined();
  });

  it('holds the feed to it as well', () => {
    expect(findSameState(answer(2, 21, 20), [state(2, 20)])).toBeUndefined();
    expect(findSameState(answer(1, 10, 20), [state(1, 10), state(2, 20, 21)])).toBeUndefined();
    // A snapshot comes without a word of the feed; one that began before there were checksums has none.
    expect(findSameState(answer(2, 20, 20), [state(2, 20, null)])).toMatchObject({ feed: 20, isEqual: true });
    expect(findSameState(answer(2, null, 20), [state(2, 20, null)])).toMatchObject({ feed: null, isEqual: true });
  });

  it('tells of a difference with the client as it was where the feed was asked', () => {
    expect(tellDifference(answer(1, 10, 11), [state(1, 10), state(2, 20)])).toMatchObject({ screen: 10 });
    expect(tellDifference(answer(3, 10, 11), [state(1, 10), state(2, 20)])).toMatchObject({ screen: 20 });
  });
});
