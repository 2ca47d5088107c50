import { createUndoHistory, type SyncClient, type UndoHistory } from '@meldesync/client';
import { pageNow } from '../time/page-time.ts';
import { type ConflictClaims, createConflictClaims } from './conflict-claims.ts';
import { type ConflictQueue, createConflictQueue } from './conflict-queue.ts';
import { createLiveCases, type LiveCases } from './live-cases.ts';
import { openClient } from './open-client.ts';
import { createRemoteMarks, type RemoteMarks } from './remote-marks.ts';
import { createUnsentElsewhere, type UnsentElsewhere } from './unsent-elsewhere.ts';

/** A connected workspace, and what is made with its connection and ends with it. */
export interface Live {
  readonly client: SyncClient;
  readonly cases: LiveCases;
  readonly conflicts: ConflictQueue;
  readonly claims: ConflictClaims;
  /** The edits of this tab, to be taken back. */
  readonly undo: UndoHistory;
  readonly marks: RemoteMarks;
  readonly unsentElsewhere: UnsentElsewhere;
}

/** A connection that lasts as long as someone subscribes to it. */
export interface LiveSource {
  /** Null while nobody does. */
  getSnapshot(): Live | null;
  subscribe(listener: () => void): () => void;
}

/** Makes the source of a person's connection to a workspace. Meant for one subscriber: the provider of the workspace. */
export function createLiveSource(workspace: string, user: string): LiveSource {
  let live: Live | null = null;
  return {
    getSnapshot: () => live,
    subscribe() {
      const opened = openLive(workspace, user);
      live = opened;
      opened.client.start();
      return () => {
        if (live === opened) live = null;
        opened.claims.dispose();
        opened.marks.dispose();
        opened.unsentElsewhere.dispose();
        opened.cases.dispose();
        opened.undo.dispose();
        opened.client.stop();
      };
    },
  };
}

function openLive(workspace: string, user: string): Live {
  const client = openClient(workspace, user);
  const conflicts = createConflictQueue();
  const claims = createConflictClaims();
  conflicts.subscribe(() => {
    for (const { outcome } of conflicts.getSnapshot().open.flatMap(({ edits }) => edits)) {
      void claims.claim(outcome.conflict);
    }
  });
  return {
    client,
    cases: createLiveCases(client.optimistic),
    conflicts,
    claims,
    undo: createUndoHistory({ client }),
    unsentElsewhere: createUnsentElsewhere(user, workspace),
    marks: createRemoteMarks(client.store, {
      now: pageNow,
      setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
      clearTimeout: (timer) => clearTimeout(timer as number),
    }),
  };
}
