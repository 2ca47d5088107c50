import type { EditItem, EditOutcome } from '@meldesync/protocol';
import type { BindEdit } from '../edits/edit-order.ts';
import type { MessageBudget } from '../edits/message-budget.ts';
import { createOptimisticRecords, type OptimisticLayer } from '../edits/optimistic-records.ts';
import { createPendingEdits, type PendingEdits } from '../edits/pending-edits.ts';
import { ProtocolViolation } from '../errors/protocol-violation.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { ReportError } from '../events/emitter.ts';
import { createFeed, type Feed } from '../feed/feed.ts';
import { createPositionFeed } from '../feed/position-feed.ts';
import { createKeepingState, type KeepingState } from '../persistence/keeping.ts';
import { createLocalState, type LocalState } from '../persistence/local-state.ts';
import { createResumedEdits, type ResumedEdits } from '../persistence/resumed-edits.ts';
import type { Reports } from '../reports/reports.ts';
import { createRecordStore, type WritableRecordStore } from '../store/record-store.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { SyncClientOptions } from '../types/sync-client.ts';
import type { KeptEdit } from '../types/sync-persistence.ts';
import type { ClientStatus } from './status.ts';

interface DataInput {
  readonly reports: Reports;
  readonly options: SyncClientOptions;
  readonly runtime: ClientRuntime;
  readonly status: ClientStatus;
  readonly budget: MessageBudget;
  readonly isStarted: () => boolean;
  /** More or fewer edits wait than before. */
  readonly onSize: () => void;
  readonly report: ReportError;
  /** Hears of listeners that throw. */
  readonly reportListener: ReportError;
}

/** The records of a client, where they stand in the feed, its edits, and what of both is kept. */
export interface ClientData {
  readonly store: WritableRecordStore;
  readonly feed: Feed;
  readonly edits: PendingEdits;
  readonly optimistic: OptimisticLayer;
  readonly resumed: ResumedEdits;
  readonly keeping: KeepingState;
  readonly local: LocalState | null;
  /** See `SyncClient.edit`. */
  submit(items: readonly EditItem[], operation?: string): Promise<EditOutcome[]>;
  /** The store was seen to be current at that time. */
  seenCurrent(at: number): void;
  /** Reads what was kept, if anything is, and takes on the edits that wait; never rejects. */
  load(isWanted: () => boolean): Promise<void>;
}

/** Makes the data of a client that has none. */
export function createClientData(input: DataInput): ClientData {
  const { options, runtime, status, budget, reports, onSize, reportListener } = input;
  const keepsRecords = options.keepsRecords ?? true;
  const store = createRecordStore(reportListener);
  const edits = createPendingEdits({ store, runtime, budget, reports, onSize, settlesAtOnce: !keepsRecords });
  /** How many records that cannot be read were told of. */
  let told = 0;
  const onSnapshot = (isRestored: boolean): void => {
    edits.snapshotTaken(isRestored);
    const { size } = store.unreadable;
    if (size > 0) input.report(new ProtocolViolation(`snapshot: records that cannot be read: ${size}`));
    if (size !== told) status.announce();
    told = size;
  };
  const isOwn = (operation: string): boolean => edits.has(operation);
  const feed = keepsRecords
    ? createFeed({ store, runtime, isOwn, onSnapshot, onPassed: options.onPassed })
    : createPositionFeed(options.onNews);
  const keeping = createKeepingState(options.persistence ? 'kept' : 'none', status.announce);
  const local = createLocal(input, { store, feed, keeping });
  store.subscribe((changes) => edits.applied(changes));
  if (local) store.subscribe((changes) => local.copy.applied(changes));

  const submit = (items: readonly EditItem[], operation?: string, bind?: BindEdit): Promise<EditOutcome[]> => {
    const { connection } = status;
    if (!input.isStarted()) return Promise.reject(new SyncError('unavailable'));
    if (connection.name === 'refused') return Promise.reject(new SyncError(connection.code));
    return edits.submit(items, operation, bind);
  };
  const optimistic = createOptimisticRecords({
    store,
    edit: submit,
    stamp: () => ({
      by: `user:${status.session?.user ?? ''}`,
      via: options.client.kind,
      at: new Date(input.reports.serverNow()).toISOString(),
    }),
    report: reportListener,
    onWaiting: status.announce,
    onSettled: () => edits.wake(),
    randomId: () => runtime.randomId(),
    journal: () => local?.journal ?? null,
  });
  const resumed = createResumedEdits(reportListener);

  /** Takes on edits that were kept: of an earlier start, and of other clients that are gone. */
  const takeUp = (kept: readonly KeptEdit[], isWanted: () => boolean): void => {
    const journal = local?.journal;
    for (const edit of kept) {
      if (!isWanted()) return;
      void resumed.follow(optimistic.resume(edit), isWanted).then((isTold) => {
        if (isTold) journal?.strike(edit.operation);
      });
    }
  };

  return {
    store,
    feed,
    edits,
    optimistic,
    resumed,
    keeping,
    local,
    submit,
    seenCurrent(at) {
      // What is still being fetched happened before.
      if (feed.missing !== null) return;
      edits.seenCurrent();
      status.setCurrentAt(at);
      local?.copy.current();
    },
    load: async (isWanted) => local?.load(isWanted, (kept) => takeUp(kept, isWanted)),
  };
}

function createLocal(
  { options, runtime, status, report }: DataInput,
  parts: { readonly store: WritableRecordStore; readonly feed: Feed; readonly keeping: KeepingState },
) {
  const { persistence } = options;
  if (!persistence) return null;
  return createLocalState({
    runtime,
    persistence,
    ...parts,
    // By the clock of the machine: this client's own begins anew with the next one.
    currentAt: () => status.currentAt && status.currentAt + runtime.wallNow() - runtime.now(),
    onLoaded(at) {
      const ageMs = Math.max(0, runtime.wallNow() - at);
      status.setCurrentAt(runtime.now() - ageMs);
      status.announce();
    },
    report,
  });
}
