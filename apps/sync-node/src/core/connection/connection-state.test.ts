import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  beginCatchUp,
  beginGreeting,
  CLOSED,
  type ConnectionState,
  changeRole,
  doubtAccess,
  goLive,
  isCatchingUp,
  leaveFeed,
  mayLock,
  NEW,
  welcome,
} from './connection-state.ts';

const member = {
  workspace: 'w',
  client: { kind: 'web', version: '1' },
  instance: 'i',
  role: 'editor',
  stays: false,
} as const;

const TRANSITIONS: Record<string, (state: ConnectionState) => ConnectionState> = {
  beginGreeting,
  doubtAccess,
  welcome: (state) => welcome(state, member),
  demote: (state) => changeRole(state, 'viewer'),
  beginCatchUp,
  goLive,
  leaveFeed,
  close: () => CLOSED,
};
const anyTransitions = fc.array(fc.constantFrom(...Object.keys(TRANSITIONS)), { maxLength: 20 });
const after = (names: readonly string[]): ConnectionState =>
  names.reduce((state, name) => TRANSITIONS[name]?.(state) ?? state, NEW);

it('a connection greets, is welcomed, catches up, is live, and may begin that again', () => {
  const greeting = beginGreeting(NEW);
  expect(greeting).toEqual({ name: 'greeting', isRecheckDue: false });
  expect(doubtAccess(greeting)).toEqual({ name: 'greeting', isRecheckDue: true });
  const welcomed = welcome(greeting, member);
  expect(welcomed).toEqual({ ...member, name: 'welcomed', feed: 'none' });
  const live = goLive(beginCatchUp(welcomed));
  expect(live).toMatchObject({ feed: 'live' });
  expect(isCatchingUp(beginCatchUp(live))).toBe(true);
  expect(leaveFeed(live)).toEqual(welcomed);
  expect([mayLock(live), mayLock(changeRole(live, 'viewer')), mayLock(greeting)]).toEqual([true, false, false]);
});

it('whatever is answered late: what is closed stays closed, and nobody is live who did not catch up', () => {
  fc.assert(
    fc.property(anyTransitions, anyTransitions, (before, later) => {
      expect(after([...before, 'close', ...later])).toEqual(CLOSED);
      const state = after(before);
      if (state.name !== 'welcomed' || state.feed === 'catching-up') return;
      expect(goLive(state)).toBe(state);
    }),
  );
});

it('nobody is welcomed whom nobody greeted', () => {
  for (const state of [NEW, CLOSED]) expect(welcome(state, member)).toBe(state);
  expect(doubtAccess(NEW)).toBe(NEW);
});
