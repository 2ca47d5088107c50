import type { SessionAccess } from '@meldesync/db';
import { CLOSE_CODES } from '@meldesync/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EDITOR, logger, loneConnection } from '../../test/lone-connection.ts';
import { systemRuntime } from '../runtime.ts';
import { Connections } from './connections.ts';
import type { NodeDatabase } from './node-database.ts';

const REMOVED: SessionAccess = { session: 'stands', role: undefined, expiresAt: Number.MAX_SAFE_INTEGER };

let connections: Connections;
beforeEach(() => {
  vi.useFakeTimers();
  connections = new Connections(systemRuntime, logger);
});
afterEach(() => {
  connections[Symbol.dispose]();
  vi.useRealTimers();
});

/** Connections of this many people, of whom Postgres says this. */
async function greeted(count: number, sessionRole: NodeDatabase['sessionRole']) {
  const all = Array.from({ length: count }, (_, index) =>
    loneConnection({ userId: `${index}`, data: { sessionRole } }),
  );
  for (const one of all) {
    await one.greet();
    connections.add(one.connection);
  }
  return { codes: () => all.map(({ closeCode }) => closeCode()) };
}

it('P6 who could not be looked up is looked up again, until everyone was', async () => {
  let failures = 10;
  const { codes } = await greeted(12, () => {
    if (failures === 0) return Promise.resolve(REMOVED);
    failures -= 1;
    return Promise.reject(new Error('Postgres is away'));
  });
  connections.accessChanged(null);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(codes()).toEqual(Array(12).fill(CLOSE_CODES.forbidden));
});

it('P6 one who can never be looked up is in the way of nobody', async () => {
  const { codes } = await greeted(12, ({ userId }) =>
    Number(userId) % 3 === 0 ? Promise.reject(new Error('out of order')) : Promise.resolve(REMOVED),
  );
  connections.accessChanged(null);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(codes()).toEqual(codes().map((_, index) => (index % 3 === 0 ? undefined : CLOSE_CODES.forbidden)));
});

it.each<[string, () => Promise<SessionAccess>]>([
  ['fails', () => Promise.reject(new Error('Postgres is away'))],
  ['hangs', () => new Promise(() => undefined)],
])('P6 nobody is served on for more than about a minute while every look-up %s', async (_, look) => {
  const { codes } = await greeted(12, look);
  connections.accessChanged(null);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(codes()).toEqual(Array(12).fill(undefined));
  await vi.advanceTimersByTimeAsync(16_000);
  expect(codes()).toEqual(Array(12).fill(CLOSE_CODES.internal));
});

it('P6 of a change that comes during a look-up the answer counts that was asked for after it', async () => {
  const answers: ((access: SessionAccess) => void)[] = [];
  const { codes } = await greeted(1, () => new Promise((resolve) => answers.push(resolve)));
  connections.accessChanged(null);
  connections.accessChanged(null);
  expect(answers).toHaveLength(1);
  answers[0]?.(EDITOR);
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toHaveLength(2);
  answers[1]?.(REMOVED);
  await vi.advanceTimersByTimeAsync(0);
  expect(codes()).toEqual([CLOSE_CODES.forbidden]);
});
