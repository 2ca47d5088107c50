import type { ReportError } from '../events/emitter.ts';
import type { Feed } from '../feed/feed.ts';
import type { ClientRuntime, RecordStore } from '../types.ts';
import { type CopyKeeper, createCopyKeeper } from './copy-keeper.ts';
import { createEditJournal, type EditJournal } from './edit-journal.ts';
import { isKeptEdit } from './kept-edit.ts';
import { loadCopy } from './load-copy.ts';
import type { KeptEdit, SyncPersistence } from './sync-persistence.ts';

/** How long what was kept may take to be read, before the client goes on without it. */
export const LOAD_LIMIT_MS = 8_000;

/** What of a client outlives it: the copy of the store, and the edits that wait. */
export interface LocalState {
  readonly user: string;
  /** Null before the first `load`; another one after each. */
  readonly journal: EditJournal | null;
  readonly copy: CopyKeeper;
  /** Reads what was kept; the edits in their order. Never rejects. */
  load(isWanted: () => boolean): Promise<readonly KeptEdit[]>;
  /** Nothing more is kept, until `load`. */
  close(): void;
  /** Removes everything. */
  forget(): void;
}

interface LocalStateInput {
  readonly runtime: ClientRuntime;
  readonly persistence: SyncPersistence;
  readonly store: RecordStore;
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
  /** The result, or what stands for it when it does not come. */
  const within = <T>(limitMs: number, work: Promise<T>, otherwise: T): Promise<T> =>
    new Promise((resolve) => {
      const timer = runtime.setTimeout(() => resolve(otherwise), limitMs);
      const finish = (result: T): void => {
        runtime.clearTimeout(timer);
        resolve(result);
      };
      work.then(finish, (error: unknown) => {
        report(new Error('What was kept of this workspace could not be read.', { cause: error }));
        finish(otherwise);
      });
    });

  return {
    user: persistence.user,
    get journal() {
      return journal;
    },
    copy,
    async load(isWanted) {
      const newJournal = createEditJournal({ runtime, persistence, report });
      journal = newJournal;
      copy.open();
      let isInTime = true;
      await within(
        LOAD_LIMIT_MS,
        readCopy(() => isInTime && isWanted()),
        undefined,
      );
      isInTime = false;
      const edits = await within(LOAD_LIMIT_MS, readEdits(), []);
      newJournal.follow(edits);
      return edits;
    },
    close() {
      journal?.close();
      copy.close();
    },
    forget() {
      journal?.close();
      copy.close();
      persistence.forget().catch((error: unknown) => {
        report(new Error('The local copy could not be removed.', { cause: error }));
      });
    },
  };
}
