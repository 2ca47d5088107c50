import { expect } from 'vitest';
import { createSyncClient } from '../src/client.ts';
import type { ClientEnvironment, SyncSocket } from '../src/types/environment.ts';
import type { SyncClient, SyncClientOptions } from '../src/types/sync-client.ts';
import type { SyncPersistence } from '../src/types/sync-persistence.ts';
import { createReferenceFeed } from './reference-feed.ts';
import { createReferenceNode } from './reference-node.ts';
import { createVirtualTime } from './virtual-time.ts';

export const WORKSPACE = '3f0c1b2a-9d8e-4c7b-a6f5-e4d3c2b1a098';

/** Lets everything run that waits for a promise. */
export const settlePromises = async (): Promise<void> => {
  for (let i = 0; i < 60; i++) await Promise.resolve();
};

interface SetUpOptions extends Pick<SyncClientOptions, 'keepsRecords' | 'onNews'> {
  readonly environment?: ClientEnvironment;
  readonly persistence?: SyncPersistence;
  /** What stands in for a socket of the model that is to be opened; the model's own without it. */
  readonly openSocket?: (open: SyncClientOptions['openSocket']) => SyncSocket;
}

/** A client, not started, of a model of the service; `random` is its jitter. */
export function setUpClient(random: () => number = () => 0.5, options: SetUpOptions = {}) {
  const model = createReferenceFeed();
  const node = createReferenceNode(model);
  const time = createVirtualTime(random);
  const errors: Error[] = [];
  /** Another client of the same person, as after a reload. */
  const makeClient = (persistence: SyncPersistence | undefined = options.persistence): SyncClient =>
    createSyncClient({
      baseUrl: 'http://127.0.0.1:1',
      workspace: WORKSPACE,
      client: { kind: 'cli', version: '1' },
      fetch: node.fetch,
      openSocket: (...address) =>
        options.openSocket?.(() => node.openSocket(...address)) ?? node.openSocket(...address),
      runtime: time.runtime,
      ...(options.environment ? { environment: options.environment } : {}),
      ...(persistence ? { persistence } : {}),
      ...(options.keepsRecords === undefined ? {} : { keepsRecords: options.keepsRecords }),
      ...(options.onNews ? { onNews: options.onNews } : {}),
      onError: (error) => errors.push(error),
    });
  const client = makeClient();
  /** Lets messages, answers and pages come and go until nothing is left to do. */
  const run = async (): Promise<void> => {
    for (let i = 0; i < 30; i++) {
      node.deliver();
      await settlePromises();
    }
  };
  /** Runs until the client is live. */
  const goLive = async (who = client): Promise<void> => {
    const isLive = (): boolean => who.connection.name === 'live';
    for (let i = 0; i < 40 && !isLive(); i++) {
      await run();
      if (!isLive()) time.advance(1000);
    }
    expect(who.connection.name).toBe('live');
  };
  /** Lets time pass until no edit waits: one of what a snapshot lacks is in doubt for 10 s. */
  const settleEdits = async (): Promise<void> => {
    for (let i = 0; i < 60 && client.pendingEdits > 0; i++) {
      node.publish();
      await goLive();
      await run();
      if (client.pendingEdits > 0) time.advance(1000);
    }
  };
  return { model, node, time, client, makeClient, errors, run, goLive, settleEdits };
}
