import { CLOSE_CODES, type UpMessage } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import { beginCatchUp, beginGreeting, CLOSED, goLive, NEW, welcome } from './connection-state.ts';
import { lineOf, routeMessage } from './message-route.ts';

const greeting = beginGreeting(NEW);
const member = {
  workspace: 'w',
  client: { kind: 'web', version: '1' },
  instance: 'i',
  role: 'editor',
  stays: false,
} as const;
const welcomed = welcome(greeting, member);
const catchingUp = beginCatchUp(welcomed);
const live = goLive(catchingUp);

const HELLO: UpMessage = { type: 'hello', workspace: 'w', client: { kind: 'web', version: '1' } };
const PING: UpMessage = { type: 'ping', sentAt: 1 };
const SUBSCRIBE: UpMessage = { type: 'subscribe', cursor: '0123abcd:1-0' };
const ATTEND: UpMessage = { type: 'attend', records: [] };
const unexpected = { to: 'refusal', code: 'unexpected-message' };

it.each([
  ['closed', CLOSED, [{ to: 'nobody' }, { to: 'nobody' }, { to: 'nobody' }, { to: 'nobody' }]],
  ['new', NEW, [{ to: 'greeting' }, { to: 'ping' }, { to: 'close' }, { to: 'close', code: CLOSE_CODES.badRequest }]],
  ['greeting', greeting, [unexpected, { to: 'ping' }, { to: 'close' }, { to: 'close' }]],
  ['welcomed', welcomed, [unexpected, { to: 'ping' }, { to: 'member' }, { to: 'member', message: ATTEND }]],
  ['catching up', catchingUp, [unexpected, { to: 'ping' }, unexpected, { to: 'member' }]],
  ['live', live, [unexpected, { to: 'ping' }, { to: 'member', state: live }, { to: 'member' }]],
])('what a connection that is %s says goes to whom it is for', (_, state, routes) => {
  expect([HELLO, PING, SUBSCRIBE, ATTEND].map((message) => routeMessage(state, message))).toMatchObject(routes);
});

it('P29 a lock and its end wait in one line, edits in another, and nothing else waits', () => {
  const item = { record: 1, baseVersion: 1, set: {} };
  expect(lineOf({ type: 'lock', request: 'r', records: [1] })).toBe('locks');
  expect(lineOf({ type: 'unlock', request: 'r', lock: 'l' })).toBe('locks');
  expect(lineOf({ type: 'edit', operation: 'o', items: [item] })).toBe('edits');
  expect([HELLO, PING, SUBSCRIBE, ATTEND].map(lineOf)).toEqual(Array(4).fill(undefined));
});
