import {
  type ConnectionState,
  type HeldLock,
  type LiveLock,
  type LockAnswer,
  type LockOptions,
  SyncError,
} from '@meldesync/client';
import type { EndedLock } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { createTestTerminal } from '../../test/test-terminal.ts';
import { createContext } from '../context.ts';
import { createPeople } from '../session/people.ts';
import { acquireLock, type Wish } from './acquire.ts';
import { holdUntil } from './hold.ts';
import { createLockReport } from './lock-report.ts';

const theirs: LiveLock = {
  lock: '5f0c9c1e-7d0a-4a57-9f0e-0d7c5a1b2c3d',
  records: [1],
  user: 'u2',
  instance: 'instance-2',
  since: Date.parse('2025-05-12T08:42:07Z'),
  endsAt: null,
  own: false,
};

/** A lock that ends when a test says so. */
function createHeld() {
  let lose: (end: EndedLock) => void = () => undefined;
  const held: HeldLock = {
    lock: '0b1f6a52-5d0e-4c0b-8f5e-3c1a7a9d2e41',
    records: [1, 2],
    onLost: (listener) => {
      lose = listener;
      return () => undefined;
    },
    release: () => Promise.resolve(),
  };
  return { held, lose: (end: EndedLock) => lose(end) };
}

/** A client whose service gives these answers, one after the other. */
function createClient(...answers: ReadonlyArray<LockAnswer | SyncError>) {
  const left = [...answers];
  const asked: (boolean | undefined)[] = [];
  const listeners = new Set<() => void>();
  const known = new Map<number, LiveLock>();
  const client = {
    connection: { name: 'live', roundTripMs: null } satisfies ConnectionState,
    lock: (_records: readonly number[], options: LockOptions = {}) => {
      asked.push(options.keepsOwn);
      const answer = left.shift();
      if (answer instanceof SyncError || answer === undefined)
        return Promise.reject(answer ?? new Error('asked too often'));
      return Promise.resolve(answer);
    },
    locks: {
      get: (record: number) => known.get(record),
      values: () => known.values(),
      subscribe: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
  const setLock = (lock: LiveLock | undefined) => {
    if (lock === undefined) known.clear();
    else known.set(1, lock);
    for (const listener of listeners) listener();
  };
  return { client, setLock, listeners, left, asked };
}

const wish = (fields: Partial<Wish> = {}): Wish => ({
  waitMs: 0,
  takesOver: false,
  server: 'https://meldesync.example.org',
  signal: new AbortController().signal,
  onHeld: () => undefined,
  ...fields,
});

const held: LockAnswer = { outcome: 'held', locks: [theirs] };
const granted: LockAnswer = { outcome: 'granted', lock: createHeld().held };
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the wish for a lock (R1.4)', () => {
  it('is answered at once unless it is to wait', async () => {
    const { client } = createClient(held);
    expect(await acquireLock(client, [1], wish())).toBe(held);
  });

  it('waits until the records are free, says once who has them, and leaves nothing behind', async () => {
    const { client, setLock, listeners } = createClient(held, held, granted);
    const heard: string[] = [];
    setLock(theirs);
    const acquiring = acquireLock(
      client,
      [1, 2],
      wish({ waitMs: Number.POSITIVE_INFINITY, onHeld: (locks) => heard.push(locks.map(({ user }) => user).join()) }),
    );
    await turn();
    expect(heard).toEqual(['u2']);
    // Someone else was faster, with the same lock in the eyes of this test.
    setLock(undefined);
    setLock(theirs);
    await turn();
    expect(heard).toEqual(['u2']);
    setLock(undefined);
    expect(await acquiring).toBe(granted);
    expect(listeners.size).toBe(0);
  });

  it('takes nothing over from another terminal of the same person unless that is asked for', async () => {
    const { client, asked } = createClient(held, held);
    await acquireLock(client, [1], wish());
    await acquireLock(client, [1], wish({ takesOver: true }));
    expect(asked).toEqual([true, false]);
  });

  it('ends with Ctrl-C while it waits', async () => {
    const { client, setLock, listeners } = createClient(held);
    const ending = new AbortController();
    setLock(theirs);
    const acquiring = acquireLock(client, [1], wish({ waitMs: 3_600_000, signal: ending.signal }));
    await turn();
    ending.abort();
    await expect(acquiring).rejects.toMatchObject({ key: 'interrupted' });
    expect(listeners.size).toBe(0);
  });

  it('that is refused throws what the server said', async () => {
    const { client } = createClient(new SyncError('forbidden'));
    await expect(acquireLock(client, [1], wish({ waitMs: 3_600_000 }))).rejects.toMatchObject({ code: 'forbidden' });
    const without = createClient(new SyncError('locks-unavailable'));
    await expect(acquireLock(without.client, [1], wish())).rejects.toMatchObject({ code: 'locks-unavailable' });
  });
});

describe('the holding of a lock', () => {
  function hold(signal = new AbortController().signal, forMs?: number) {
    const { held, lose } = createHeld();
    let say: (state: ConnectionState) => void = () => undefined;
    let connection: ConnectionState = { name: 'live', roundTripMs: null };
    const client = {
      get connection() {
        return connection;
      },
      onConnection: (listener: (state: ConnectionState) => void) => {
        say = listener;
        return () => undefined;
      },
    };
    const until = { server: 'https://meldesync.example.org', signal, forMs, command: undefined };
    const end = holdUntil(client, held, until);
    const become = (state: ConnectionState) => {
      connection = state;
    };
    return { end, lose, become, say: (state: ConnectionState) => say(state) };
  }

  it('ends with Ctrl-C', async () => {
    const ending = new AbortController();
    const { end } = hold(ending.signal);
    ending.abort();
    expect(await end).toEqual({ name: 'stopped' });
  });

  it('ends when its time is over', async () => {
    expect(await hold(undefined, 1).end).toEqual({ name: 'elapsed' });
  });

  it('ends when the lock is lost, and when the server no longer wants the client', async () => {
    const lost = hold();
    const reason = { lock: theirs.lock, reason: 'taken-away', by: 'user:u1' } as const;
    lost.lose(reason);
    expect(await lost.end).toEqual({ name: 'lost', end: reason });
    const refused = hold();
    refused.say({ name: 'reconnecting', attempt: 1, retryAt: 0, since: 0 });
    refused.say({ name: 'needs-sign-in' });
    expect(await refused.end).toMatchObject({ name: 'refused', error: { key: 'notSignedIn' } });
    const both = hold();
    both.become({ name: 'refused', code: 'forbidden' });
    both.lose({ lock: theirs.lock, reason: 'expired' });
    expect(await both.end).toMatchObject({ name: 'refused', error: { code: 'forbidden' } });
  });
});

describe('the report of a lock', () => {
  function report(json: boolean, isAside = false) {
    const terminal = createTestTerminal([]);
    const context = createContext(terminal);
    const people = createPeople([{ id: 'u2', name: 'Person Zwei', role: 'admin' }], context.t);
    const input = { name: 'Fall F-1', caseId: 'F-1', people, me: 'u1', json, isAside };
    return { terminal, report: createLockReport(context, input) };
  }
  const { held: mine } = createHeld();

  it('tells a person who has it, and who took it away', () => {
    const { terminal, report: told } = report(false);
    told.granted(mine);
    told.held([theirs], true);
    told.lost(mine, { lock: mine.lock, reason: 'taken-away', by: 'user:u2' });
    told.released(mine);
    expect(terminal.out()).toBe(
      '✓ Fall F-1 ist für Sie gesperrt. Strg-C gibt ihn zurück.\nDie Sperre von Fall F-1 ist zurückgegeben.\n',
    );
    expect(terminal.err()).toContain('✗ Person Zwei bearbeitet Fall F-1 seit 12.05.25, ');
    expect(terminal.err()).toContain('✗ Person Zwei hat Ihre Sperre von Fall F-1 aufgehoben.');
  });

  it('tells a person that they have it themselves elsewhere, and the way there', () => {
    const { terminal, report: told } = report(false);
    told.held([{ ...theirs, user: 'u1' }], false);
    expect(terminal.err()).toContain('✗ Sie selbst bearbeiten Fall F-1 seit 12.05.25, ');
    expect(terminal.err()).toContain('--take-over');
    told.held([theirs], false);
    expect(terminal.err().split('--take-over')).toHaveLength(2);
  });

  it('is one line an event for scripts', () => {
    const { terminal, report: told } = report(true);
    told.granted(mine);
    told.held([theirs], false);
    told.lost(mine, { lock: mine.lock, reason: 'expired' });
    told.released(mine);
    const events = terminal
      .out()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(events).toMatchObject([
      { type: 'granted', lock: mine.lock, records: [1, 2], caseId: 'F-1' },
      {
        type: 'held',
        waiting: false,
        locks: [{ user: 'u2', userName: 'Person Zwei', since: '2025-05-12T08:42:07.000Z' }],
      },
      { type: 'lost', lock: mine.lock, reason: 'expired', by: null },
      { type: 'released', lock: mine.lock },
    ]);
  });

  it('leaves standard output to a command', () => {
    for (const json of [false, true]) {
      const { terminal, report: told } = report(json, true);
      told.granted(mine);
      told.released(mine);
      expect(terminal.out()).toBe('');
      expect(terminal.err()).not.toBe('');
    }
  });
});
