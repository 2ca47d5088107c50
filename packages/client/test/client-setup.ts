import { expect } from 'vitest';
import { createSyncClient } from '../src/client.ts';
import { createReferenceFeed } from './reference-feed.ts';
import { createReferenceNode } from './reference-node.ts';
import { createVirtualTime } from './virtual-time.ts';

export const WORKSPACE = '3f0c1b2a-9d8e-4c7b-a6f5-e4d3c2b1a098';

/** Lets everything run that waits for a promise. */
export const settlePromises = async (): Promise<void> => {
  for (let i = 0; i < 60; i++) await Promise.resolve();
};

/** A client, not started, of a model of the service; `random` is its jitter. */
export function setUpClient(random: () => number = () => 0.5) {
  const model = createReferenceFeed();
  const node = createReferenceNode(model);
  const time = createVirtualTime(random);
  const errors: Error[] = [];
  const client = createSyncClient({
    baseUrl: 'http://127.0.0.1:1',
    workspace: WORKSPACE,
    client: { kind: 'cli', version: '1' },
    fetch: node.fetch,
    openSocket: node.openSocket,
    runtime: time.runtime,
    onError: (error) => errors.push(error),
  });
  /** Lets messages, answers and pages come and go until nothing is left to do. */
  const run = async (): Promise<void> => {
    for (let i = 0; i < 30; i++) {
      node.deliver();
      await settlePromises();
    }
  };
  /** Runs until the client is live. */
  const goLive = async (): Promise<void> => {
    const isLive = (): boolean => client.connection.name === 'live';
    for (let i = 0; i < 40 && !isLive(); i++) {
      await run();
      if (!isLive()) time.advance(1000);
    }
    expect(client.connection.name).toBe('live');
  };
  return { model, node, time, client, errors, run, goLive };
}
