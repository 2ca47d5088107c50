import type { ReportError } from '../events/emitter.ts';
import type { Feed } from '../feed/feed.ts';
import type { WritableRecordStore } from '../store/record-store.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { Keeping } from '../types/keeping.ts';
import type { KeptEdit, SyncPersistence } from '../types/sync-persistence.ts';
import type { Unsubscribe } from '../types/unsubscribe.ts';
import { type CopyKeeper, createCopyKeeper } from './copy-keeper.ts';
import { createEditJournal, type EditJournal } from './edit-journal.ts';
import { type KeepingState, keptAfter } from './keeping.ts';
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
   * for: nobody else would send them while this page is there. From then on it gets those of other clients as these go away.
   * Resolves when the client can go on; never rejects.
   */
  load(isWanted: () => boolean, takeUp: (edits: readonly KeptEdit[]) => void): Promise<void>;
  /** Nothing more is kept, until `load`. */
  close(): void;
  /** Removes everything. */
  forget(): void;
}

interface LocalStateInput {
  readonly keeping: Pick<KeepingState, 'set'>;
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
  const { runtime, persistence, feed, keeping, report } = input;
  let journal: EditJournal | null = null;
  const copy = createCopyKeeper({ ...input, onKept: (kept) => keeping.set('copy', kept) });
  let unwatch: Unsubscribe = () => undefined;

  const readCopy = async (isWanted: () => boolean): Promise<void> => {
    if (feed.cursor !== null) return;
    const loaded = await loadCopy(persistence, feed, isWanted);
    if (!loaded) return;
    copy.loaded(loaded.parts);
    input.onLoaded(loaded.currentAt);
  };
  const sound = (kept: readonly unknown[]): readonly KeptEdit[] => {
    const edits = kept.filter(isKeptEdit);
    if (edits.length < kept.length) report(new Error('An edit that was kept cannot be read.'));
    return edits.sort((a, b) => a.order - b.order);
  };
  /** Resolves when the work is done, has failed or takes too long; what is not well is reported. */
  const inTime = (part: keyof Keeping, work: Promise<void>): Promise<void> =>
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
        keeping.set(part, keptAfter(error));
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
      const newJournal = createEditJournal({
        runtime,
        persistence,
        onKept: (kept) => keeping.set('edits', kept),
        report,
      });
      journal = newJournal;
      copy.open();
      let isInTime = true;
      await inTime(
        'copy',
        readCopy(() => isInTime && isWanted()),
      );
      isInTime = false;
      const resume = (kept: readonly unknown[]): void => {
        if (!isWanted()) return;
        const edits = sound(kept);
        newJournal.follow(edits);
        takeUp(edits);
      };
      await inTime('edits', persistence.loadEdits().then(resume));
      if (!isWanted()) return;
      unwatch();
      const ends = [persistence.watchEdits?.(resume), persistence.onLost?.(() => newJournal.renew())];
      unwatch = () => {
        for (const end of ends.splice(0)) end?.();
      };
    },
    close() {
      unwatch();
      journal?.close();
      copy.close();
    },
    forget() {
      unwatch();
      // A write that is queued would come after the removal.
      journal?.discard();
      copy.close();
      persistence.forget().catch((error: unknown) => {
        report(new Error('The local copy could not be removed.', { cause: error }));
      });
    },
  };
}
