import type { PresenceBoard } from '@meldesync/bus';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { logger, WORKSPACE } from '../../test/lone-connection.ts';
import { systemRuntime } from '../runtime.ts';
import { NodePresence } from './node-presence.ts';
import { nodeSummary } from './node-summary.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Nodes on one board; `posts` counts what all of them said. */
function setUp(names: readonly string[]) {
  const kept = new Map<string, string>();
  const told: Record<string, string> = {};
  const nodes: Record<string, NodePresence> = {};
  let posts = 0;
  const say = (message: string) => {
    for (const node of Object.values(nodes)) node.receive(WORKSPACE, nodeSummary.parse(JSON.parse(message)));
  };
  const board: PresenceBoard = {
    post: async (_, node, message) => {
      posts += 1;
      kept.set(node, message);
      say(message);
    },
    withdraw: async (_, node, message) => {
      kept.delete(node);
      say(message);
    },
    read: async () => [...kept.values()],
    remove: async (_, node) => void kept.delete(node),
    [Symbol.dispose]: () => undefined,
  };
  const add = (name: string) => {
    const node = new NodePresence({
      board,
      runtime: systemRuntime,
      logger,
      publish: (_, message) => {
        told[name] = message;
      },
      liveCount: () => 1,
      onUnreadable: () => undefined,
    });
    nodes[name] = node;
    return node;
  };
  return { nodes: names.map(add), told, posts: () => posts };
}

const visit = (user: string) => ({ user, kind: 'web' as const, records: [] });

it('R5.4 says once that people are there where no other node has any, and seldom again', async () => {
  const { nodes, posts } = setUp(['a']);
  await nodes[0]?.open(WORKSPACE);
  nodes[0]?.attend(WORKSPACE, 'c1', visit('anna'));
  await vi.advanceTimersByTimeAsync(200_000);
  expect(posts()).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(posts()).toBe(2);
  await nodes[0]?.[Symbol.asyncDispose]();
});

it('R2.4 tells a node that begins to listen, though it has said nothing for long; each keeps the other', async () => {
  const { nodes, told } = setUp(['a', 'b']);
  const [a, b] = nodes;
  await a?.open(WORKSPACE);
  a?.attend(WORKSPACE, 'c1', visit('anna'));
  await vi.advanceTimersByTimeAsync(120_000);
  await b?.open(WORKSPACE);
  b?.attend(WORKSPACE, 'c2', visit('bert'));
  await vi.advanceTimersByTimeAsync(2_000);
  const both = { total: 2 };
  for (const name of ['a', 'b']) expect(JSON.parse(told[name] ?? '')).toMatchObject(both);
  await vi.advanceTimersByTimeAsync(120_000);
  for (const name of ['a', 'b']) expect(JSON.parse(told[name] ?? '')).toMatchObject(both);
});

it('R4.4 of a workspace that was let go of it knows nothing and says nothing', async () => {
  const { nodes, posts } = setUp(['a']);
  const [node] = nodes;
  await node?.open(WORKSPACE);
  node?.attend(WORKSPACE, 'c1', visit('anna'));
  await vi.advanceTimersByTimeAsync(1_000);
  node?.leave(WORKSPACE, 'c1');
  await vi.advanceTimersByTimeAsync(1_000);
  node?.close(WORKSPACE);
  const before = posts();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(posts()).toBe(before);
  expect(JSON.parse(node?.lastTold(WORKSPACE) ?? '')).toMatchObject({ total: 0 });
});
