import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemRuntime } from '../runtime.ts';
import { LINGER_MS, WorkspacesHere } from './workspaces-here.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Feeds of which a test says when they were used, by the same clock. */
function setUp() {
  const usedAt = new Map<string, number>();
  const letGo: string[] = [];
  const needed = new Set<string>();
  const use = (workspace: string) => void usedAt.set(workspace, performance.now());
  const here = new WorkspacesHere({
    runtime: systemRuntime,
    feeds: { use, unusedFor: (ms) => [...usedAt].filter(([, at]) => performance.now() - at >= ms).map(([one]) => one) },
    isNeeded: (workspace) => needed.has(workspace),
    letGo: (workspace) => {
      letGo.push(workspace);
      usedAt.delete(workspace);
    },
  });
  return { here, use, letGo, needed };
}

it('R4.4 lets a workspace go a while after its last connection, and not while there is one', async () => {
  const { here, use, letGo } = setUp();
  for (const workspace of ['a', 'a', 'b']) here.enter(workspace);
  for (const workspace of ['a', 'b']) use(workspace);
  await vi.advanceTimersByTimeAsync(10 * LINGER_MS);
  here.leave('a');
  here.leave('b');
  await vi.advanceTimersByTimeAsync(LINGER_MS - 1);
  expect(letGo).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(letGo).toEqual(['b']);
  here.leave('a');
  await vi.advanceTimersByTimeAsync(LINGER_MS + 10_000);
  expect(letGo).toEqual(['b', 'a']);
  here[Symbol.dispose]();
});

it('R4.4 keeps what is asked for over HTTP alone for as long as somebody asks', async () => {
  const { here, use, letGo } = setUp();
  for (let asked = 0; asked < 20; asked++) {
    use('a');
    await vi.advanceTimersByTimeAsync(LINGER_MS / 2);
  }
  expect(letGo).toEqual([]);
  await vi.advanceTimersByTimeAsync(LINGER_MS);
  expect(letGo).toEqual(['a']);
  here[Symbol.dispose]();
});

it('R2.3 keeps a workspace until the locks that waited for their clients are over', async () => {
  const { here, letGo, needed } = setUp();
  here.enter('a');
  here.leave('a');
  needed.add('a');
  await vi.advanceTimersByTimeAsync(2 * LINGER_MS);
  expect(letGo).toEqual([]);
  needed.delete('a');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(letGo).toEqual(['a']);
  here[Symbol.dispose]();
});
