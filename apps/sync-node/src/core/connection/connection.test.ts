import { randomUUID } from 'node:crypto';
import type { SessionAccess } from '@meldesync/db';
import { lockEvent, type StoredLock } from '@meldesync/locks';
import { CLOSE_CODES, LOCK_TTL_MS } from '@meldesync/protocol';
import { createLogger } from '@meldesync/telemetry';
import { expect, it, vi } from 'vitest';
import { EDITOR, EPOCH, locksOver, loneConnection, WORKSPACE } from '../../../test/lone-connection.ts';
import { systemRuntime } from '../../runtime.ts';
import { EDIT_LIMIT_MS, LEAST_EDIT_MS } from '../limits.ts';
import { PeopleHere } from '../people-here.ts';

const VIEWER: SessionAccess = { session: 'stands', role: 'viewer', expiresAt: Number.MAX_SAFE_INTEGER };
const LOCK: StoredLock = {
  lock: 'b3b5f1de-58a4-4d0e-9a53-0c1f6a2b7d10',
  token: 'secret',
  records: [7],
  user: 'anna',
  instance: 'window-of-anna',
  connection: 'connection-before',
  since: Date.UTC(2026, 0, 1),
  orphaned: true,
};

/** Resolves when everything that follows on what has happened so far has happened too. */
const settled = () => new Promise(setImmediate);

/** A connection of a person whose role the test changes, and a lock service that is slow to answer. */
function setUp() {
  let access = EDITOR;
  let answer: () => void = () => undefined;
  const released: string[] = [];
  const mine = (connection: string): StoredLock => ({ ...LOCK, connection, orphaned: false });
  const locks = locksOver({
    acquire: ({ connection }) =>
      new Promise((resolve) => {
        answer = () => resolve({ outcome: 'granted', lock: { ...mine(connection), endsInMs: LOCK_TTL_MS } });
      }),
    resume: (_, __, connection) =>
      new Promise((resolve) => {
        answer = () => resolve(mine(connection));
      }),
    release: (_, lock) => {
      released.push(lock.lock);
      return Promise.resolve(true);
    },
  });
  const lone = loneConnection({ locks, data: { sessionRole: () => Promise.resolve(access) } });
  return {
    ...lone,
    locks,
    released,
    /** The person becomes a viewer while the lock service works, and it answers after that. */
    demoteMeanwhile: async () => {
      await settled();
      access = VIEWER;
      await lone.connection.recheckAccess();
      answer();
    },
  };
}

it('P29 a lock that is granted after its person may no longer edit is given back', async () => {
  const { greet, receive, sent, released, locks, demoteMeanwhile } = setUp();
  await greet();
  const asked = receive({ type: 'lock', request: 'r1', records: [7] });
  await demoteMeanwhile();
  await asked;
  await settled();
  expect(sent.at(-1)).toEqual({ type: 'error', code: 'forbidden', request: 'r1' });
  expect({ released, held: locks.held }).toEqual({ released: [LOCK.lock], held: 0 });
});

it('P29 P32 a lock that goes on after its person may no longer edit is given back, and the welcome says the new role', async () => {
  const { greet, sent, released, locks, demoteMeanwhile } = setUp();
  await locks.open(WORKSPACE);
  const event = lockEvent.parse({ kind: 'lock-set', lock: LOCK, endsInMs: 5_000 });
  locks.receive(WORKSPACE, event);
  const greeted = greet('window-of-anna');
  await demoteMeanwhile();
  await greeted;
  await settled();
  expect(sent.at(-1)).toMatchObject({ type: 'welcome', role: 'viewer' });
  expect({ released, held: locks.held }).toEqual({ released: [LOCK.lock], held: 0 });
  await locks[Symbol.asyncDispose]();
});

it('R2.3 P32 nobody waits any more for a lock that a connection asked for which has ended', async () => {
  let isWanted: (() => boolean) | undefined;
  const locks = locksOver({
    acquire(claim) {
      ({ isWanted } = claim);
      return new Promise(() => undefined);
    },
  });
  const { greet, receive, connection } = loneConnection({ locks });
  await greet();
  void receive({ type: 'lock', request: 'r1', records: [7] });
  await settled();
  expect(isWanted?.()).toBe(true);
  connection.closed(1006);
  expect(isWanted?.()).toBe(false);
});

it('P29 an unlock is over before the next request for a lock begins, and what it ended is not granted again', async () => {
  const ids = [randomUUID(), randomUUID()];
  const calls: string[] = [];
  const held: StoredLock[] = [];
  const locks = locksOver({
    acquire: ({ connection, records }) => {
      calls.push('acquire');
      const lock = { ...LOCK, lock: ids[held.length] ?? '', connection, records: [...records], orphaned: false };
      held.push(lock);
      return Promise.resolve({ outcome: 'granted', lock: { ...lock, endsInMs: LOCK_TTL_MS } });
    },
    read: () => Promise.resolve(held.map((lock) => ({ ...lock, endsInMs: LOCK_TTL_MS }))),
    release: async () => {
      await settled();
      calls.push('released');
      return true;
    },
  });
  const { greet, receive, sent } = loneConnection({ locks });
  await greet();
  await receive({ type: 'lock', request: 'r1', records: [7] });
  const both = [
    receive({ type: 'unlock', request: 'r2', lock: ids[0] ?? '' }),
    receive({ type: 'lock', request: 'r3', records: [7] }),
  ];
  await Promise.all(both);
  expect(calls.slice(0, 3)).toEqual(['acquire', 'released', 'acquire']);
  expect(sent.slice(-2)).toMatchObject([
    { type: 'unlocked', request: 'r2' },
    { type: 'lock-granted', request: 'r3', lock: { lock: ids[1] } },
  ]);
});

it('a client that says again and again that it went wrong is counted each time, and told of once', async () => {
  let counted = 0;
  const told: string[] = [];
  const onDiverged = () => {
    counted += 1;
  };
  const logger = createLogger({ name: 'test', level: 'warn', format: 'json', write: (line) => told.push(line) });
  for (let connection = 0; connection < 5; connection++) {
    const { greet, receive } = loneConnection({ watch: { onDiverged, logger } });
    await greet();
    for (let count = 1; count <= 3; count++)
      await receive({ type: 'diverged', cursor: `${EPOCH}:${connection}-${count}` });
  }
  expect(counted).toBe(15);
  expect(told).toEqual([expect.stringMatching(/"level":40.*"event":"client-diverged"/)]);
});

it('P63 all connections of a person share what they may send, and another person has their own', async () => {
  const people = new PeopleHere(10, systemRuntime);
  const connect = (userId: string) => loneConnection({ userId, watch: { people } });
  const windows = Array.from({ length: 3 }, () => connect('anna'));
  const ben = connect('ben');
  for (const one of [...windows, ben]) await one.greet();
  // A connection alone may send twice as much as this.
  for (const { receive } of windows)
    for (let count = 0; count < 100; count++) await receive({ type: 'attend', records: [] });
  expect(windows.map(({ closeCode }) => closeCode())).toContain(CLOSE_CODES.rateLimited);
  for (let count = 0; count < 100; count++) await ben.receive({ type: 'attend', records: [] });
  expect(ben.closeCode()).toBeUndefined();
});

it('P19 an edit, and those that wait behind it, are answered in time though the database is silent', async () => {
  const asked: string[] = [];
  const { greet, receive, sent } = loneConnection({
    data: {
      performEdit: ({ operation }) => {
        asked.push(operation);
        return new Promise(() => undefined);
      },
    },
  });
  await greet();
  const items = [{ record: 1, baseVersion: 1, set: { note: 'x' } }];
  const operations = ['operation-1', 'operation-2', 'operation-3'];
  vi.useFakeTimers();
  const received = operations.map((operation) => receive({ type: 'edit', operation, items }));
  // One after the other they would take three times as long.
  await vi.advanceTimersByTimeAsync(EDIT_LIMIT_MS + 2 * LEAST_EDIT_MS);
  expect(sent.slice(1)).toHaveLength(operations.length);
  vi.useRealTimers();
  await Promise.all(received);
  expect(sent.slice(1)).toEqual(operations.map((operation) => ({ type: 'error', code: 'unavailable', operation })));
  expect(asked).toEqual(operations);
});
