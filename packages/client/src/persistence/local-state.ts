import type { ReportError } from '../events/emitter.ts';
import type { Feed } from '../feed/feed.ts';
import type { WritableRecordStore } from '../store/record-store.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { KeptEdit, SyncPersistence } from '../types/sync-persistence.ts';
import { type CopyKeeper, createCopyKeeper } from './copy-keeper.ts';
import { createEditJournal, type EditJournal } from './edit-journal.ts';
import { isKeptEdit } from './kept-edit.ts';
import { loadCopy } from './load-copy.ts';

/** How long the client waits for what was kept, copy and edits each, before it goes on without it. */
export const LOAD_LIMIT_MS = 8_000;

/** What of a client outlives it: the copy of the store, and the edits that wait. */
export interface LocalState {
  readonly user: string;
  /** Null before the first `load`; another one after each. */
  readonly journal: EditJournal | null;
  readonly copy: CopyKeeper;
  /**
   * Reads what was kept. `takeUp` gets the edits in their order, and gets them also when they come too late to be waited
   * for: nobody else would send them while this page is there. Resolves when the client can go on; never rejects.
   */
  load(isWanted: () => boolean, takeUp: (edits: readonly KeptEdit[]) => void): Promise<void>;
  /** Nothing more is kept, until `load`. */
  close(): void;
  /** Removes everything. */
  forget(): void;
}

interface LocalStateInput {
  readonly runtime: ClientRuntime;
  readonly persistence: SyncPersistence;
  readonly store: WritableRecordStore;
  readonly feed: Feed;
  readonly currentAt: () => number | null;
  /** The copy is in the store, and was current at that time. */
  readonly onLoaded: (currentAt: number) => void;
  readonly report: ReportError;
}

/** Makes the local state of a client that is not started. */
export function createLocalState(input: LocalStateInput): LocalState {
  const { runtime, persistence, feed, report } = input;
  let journal: EditJournal | null = null;
  const copy = createCopyKeeper({ ...input });

  const readCopy = async (isWanted: () => boolean): Promise<void> => {
    if (feed.cursor !== null) return;
    const loaded = await loadCopy(persistence, feed, isWanted);
    if (!loaded) return;
    copy.loaded(loaded.parts);
    input.onLoaded(loaded.currentAt);
  };
  const readEdits = async (): Promise<readonly KeptEdit[]> => {
    const kept = await persistence.loadEdits();
    const edits = kept.filter(isKeptEdit);
    if (edits.length < kept.length) report(new Error('An edit that was kept cannot be read.'));
    return edits.sort((a, b) => a.order - b.order);
  };
  /** Resolves when the work is done, has failed or takes too long; what is not well is reported. */
  const inTime = (work: Promise<void>): Promise<void> =>
    new Promise((resolve) => {
      const timer = runtime.setTimeout(() => {
        report(new Error('What was kept of this workspace takes too long to be read.'));
        resolve();
      }, LOAD_LIMIT_MS);
      const finish = (): void => {
        runtime.clearTimeout(timer);
        resolve();
      };
      work.then(finish, (error: unknown) => {
        report(new Error('What was kept of this workspace could not be read.', { cause: error }));
        finish();
      });
    });

  return {
    user: persistence.user,
    get journal() {
      return journal;
    },
    copy,
    async load(isWanted, takeUp) {
      const newJournal = createEditJournal({ runtime, persistence, report });
      journal = newJournal;
      copy.open();
      let isInTime = true;
      await inTime(readCopy(() => isInTime && isWanted()));
      isInTime = false;
      const resumeEdits = async (): Promise<void> => {
        const edits = await readEdits();
        if (!isWanted()) return;
        newJournal.follow(edits);
        takeUp(edits);
      };
      await inTime(resumeEdits());
    },
    close() {
      journal?.close();
      copy.close();
    },
    forget() {
      // A write that is queued would come after the removal.
      journal?.discard();
      copy.close();
      persistence.forget().catch((error: unknown) => {
        report(new Error('The local copy could not be removed.', { cause: error }));
      });
    },
  };
}
