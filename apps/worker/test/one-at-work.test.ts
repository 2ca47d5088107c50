import { lastCheckpointNo, tryToBeSealer } from '@meldesync/db';
import { createTestDatabase, eventually } from '@meldesync/testkit';
import { afterAll, expect, it } from 'vitest';
import { startOneAtWork } from '../src/jobs/one-at-work.ts';

const database = await createTestDatabase();
afterAll(() => database[Symbol.asyncDispose]());

it('a worker that is frozen is followed by another one', async () => {
  const at: string[] = [];
  const lost: string[] = [];
  const start = (name: string, isFrozen: boolean) =>
    startOneAtWork({
      databaseUrl: database.urlAs('worker'),
      applicationName: `test-${name}`,
      onConnectionError: () => void lost.push(name),
      retryMs: 50,
      statementTimeoutMs: 5_000,
      // Longer than this process ever stands still beside others.
      mostIdleMs: 3_000,
      tryToBeTheOne: tryToBeSealer,
      // Who is frozen asks nothing any more, and its connection stays.
      work: async (held, signal) => {
        at.push(name);
        while (!signal.aborted) {
          if (!isFrozen) await lastCheckpointNo(held.drizzle);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      },
      onFailure: () => undefined,
    });
  await using _frozen = start('frozen', true);
  await eventually(() => expect(at).toEqual(['frozen']));
  await using _next = start('next', false);
  await eventually(() => expect(at).toEqual(['frozen', 'next']));
  await eventually(() => expect(lost).toEqual(['frozen']));
  // Who works on is left alone, however long it goes on.
  const from = Date.now();
  await eventually(() => expect(Date.now() - from).toBeGreaterThan(4_500));
  expect(at).toEqual(['frozen', 'next']);
  expect(lost).toEqual(['frozen']);
});
