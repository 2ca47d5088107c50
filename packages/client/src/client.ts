import { type EditItem, type EditOutcome, type ImportSummary, SUBPROTOCOL, SYNC_PATH } from '@meldesync/protocol';
import { createApi } from './api/api.ts';
import { createConnection } from './connection/connection.ts';
import { isSameState, publicState } from './connection/public-state.ts';
import { createMessageBudget } from './edits/message-budget.ts';
import { createOptimisticRecords } from './edits/optimistic-records.ts';
import { createPendingEdits } from './edits/pending-edits.ts';
import { SyncError } from './errors/sync-error.ts';
import { createEmitter, type ReportError } from './events/emitter.ts';
import { throwAside } from './events/throw-aside.ts';
import { createFeed } from './feed/feed.ts';
import { createManualRefresh } from './feed/manual-refresh.ts';
import { createRangePuller } from './feed/range-puller.ts';
import { createSnapshotLoader } from './feed/snapshot-loader.ts';
import { createLocks } from './locks/locks.ts';
import { createAttendance } from './presence/attendance.ts';
import { createPresenceStore } from './presence/presence-store.ts';
import { systemRuntime } from './runtime.ts';
import { createRecordStore } from './store/record-store.ts';
import type { ClientRuntime, ConnectionState, Session, SyncClient, SyncClientOptions } from './types.ts';

/** Makes a client of one workspace; `start` connects it. */
export function createSyncClient(options: SyncClientOptions): SyncClient {
  const { baseUrl, workspace } = options;
  const runtime: ClientRuntime = { ...systemRuntime, ...options.runtime };
  const report: ReportError = (error) => options.onError?.(error);
  const reportListener: ReportError = options.onError ?? throwAside;
  const api = createApi({ baseUrl, fetch: options.fetch });

  let connection: ConnectionState = { name: 'stopped' };
  let session: Session | null = null;
  let currentAt: number | null = null;
  const connectionEmitter = createEmitter<ConnectionState>(reportListener);
  const importEmitter = createEmitter<ImportSummary>(reportListener);
  const announce = (): void => connectionEmitter.emit(connection);
  const setCurrent = (at: number): void => {
    // What is still being fetched happened before.
    if (feed.missing === null) currentAt = Math.max(at, currentAt ?? at);
  };

  const store = createRecordStore(reportListener);
  const budget = createMessageBudget(runtime);
  const edits = createPendingEdits({ store, runtime, budget, onSize: announce });
  store.subscribe((changes) => edits.applied(changes));
  const feed = createFeed({
    store,
    isOwn: (operation) => edits.has(operation),
    onSnapshot: (isRestored) => edits.snapshotTaken(isRestored),
  });
  const edit = (items: readonly EditItem[]): Promise<EditOutcome[]> => {
    if (connection.name === 'stopped') return Promise.reject(new SyncError('unavailable'));
    if (connection.name === 'refused') return Promise.reject(new SyncError(connection.code));
    return edits.submit(items);
  };
  const optimistic = createOptimisticRecords({
    store,
    edit,
    stamp: () => ({
      by: `user:${session?.user ?? ''}`,
      via: options.client.kind,
      at: new Date(runtime.now()).toISOString(),
    }),
    report: reportListener,
    onWaiting: announce,
  });
  const instance = runtime.randomId();
  const locks = createLocks({
    runtime,
    instance,
    budget,
    report: reportListener,
    onHolding: (isHolding) => runner.setHolding(isHolding),
  });
  const presence = createPresenceStore(reportListener);
  const attendance = createAttendance({ runtime, budget });
  const makeLoader = () =>
    createSnapshotLoader({
      feed,
      fetchPage: (after, signal) => api.snapshotPage(workspace, { after, signal }),
    });
  const manual = createManualRefresh({ runtime, loader: makeLoader(), onCurrent: setCurrent });

  const puller = createRangePuller({
    runtime,
    feed,
    fetchPage: (missing, signal) => api.framesPage(workspace, { ...missing, signal }),
    onProgress: announce,
    onTooOld: () => runner.rangeLost(),
  });

  const runner = createConnection({
    runtime,
    openSocket: () => options.openSocket(socketUrl(baseUrl), SUBPROTOCOL),
    hello: { type: 'hello', workspace, instance, client: options.client },
    feed,
    loader: makeLoader(),
    report,
    onState(state, everyMs) {
      const next = publicState(state, everyMs);
      if (isSameState(next, connection)) return;
      connection = next;
      if (next.name === 'live') setCurrent(runtime.now());
      announce();
      if (next.name !== 'refused') return;
      edits.rejectAll(next.code);
      locks.giveUp(next.code);
    },
    onWelcome({ user, role, node }) {
      if (session?.user === user && session.role === role && session.node === node) return;
      session = { user, role, node };
      announce();
    },
    onOnline(send) {
      budget.reset();
      edits.online(send);
      locks.online(send);
      attendance.online(send);
      puller.retry();
    },
    onOffline() {
      edits.offline();
      locks.offline();
      attendance.offline();
      presence.clear();
    },
    onEdited: (answer) => edits.answer(answer),
    onRefused: (operation, code) => edits.refuse(operation, code),
    onLockAnswer: (answer) => locks.answer(answer),
    onRequestRefused: (request, code) => locks.refuse(request, code),
    onLocks: (message) => locks.receive(message),
    onPresence: (message) => presence.receive(message),
    onImport: (summary) => importEmitter.emit(summary),
    onRange() {
      puller.wake();
      announce();
    },
    onCurrent: () => setCurrent(runtime.now()),
  });

  return {
    store,
    optimistic,
    locks: locks.store,
    presence,
    instance,
    get connection() {
      return connection;
    },
    get session() {
      return session;
    },
    get cursor() {
      return feed.cursor;
    },
    get currentAt() {
      return currentAt;
    },
    get pendingEdits() {
      return edits.size + optimistic.waiting;
    },
    get fetching() {
      return feed.fetching;
    },
    onConnection: (listener) => connectionEmitter.subscribe(listener),
    onImport: (listener) => importEmitter.subscribe(listener),
    start: () => runner.dispatch({ type: 'start' }),
    stop() {
      locks.stop();
      runner.dispatch({ type: 'stop' });
      puller.stop();
      manual.stop();
      edits.rejectAll('unavailable');
    },
    reconnectNow: () => runner.dispatch({ type: 'retry' }),
    refresh: () => (connection.name === 'live' ? Promise.resolve() : manual.refresh()),
    edit,
    lock: (records) => locks.lock(records),
    endLock: (lock) => locks.endLock(lock),
    attend: (records) => attendance.attend(records),
  };
}

function socketUrl(baseUrl: string): string {
  return baseUrl.replace(/^http/, 'ws').replace(/\/+$/, '') + SYNC_PATH;
}
