import {
  type EditItem,
  type EditOutcome,
  type ErrorCode,
  type ImportSummary,
  SUBPROTOCOL,
  SYNC_PATH,
} from '@meldesync/protocol';
import { createApi } from './api/api.ts';
import { createConnection } from './connection/connection.ts';
import { isSameState, publicState } from './connection/public-state.ts';
import { QUIET_ENVIRONMENT, watchEnvironment } from './connection/watch-environment.ts';
import { createHttpEdits } from './edits/http-edits.ts';
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
import { createLocalState } from './persistence/local-state.ts';
import { createResumedEdits } from './persistence/resumed-edits.ts';
import { createAttendance } from './presence/attendance.ts';
import { createPresenceStore } from './presence/presence-store.ts';
import { systemRuntime } from './runtime.ts';
import { createRecordStore } from './store/record-store.ts';
import type { ConnectionState } from './types/connection-state.ts';
import type { ClientRuntime } from './types/environment.ts';
import type { Session, SyncClient, SyncClientOptions } from './types/sync-client.ts';
import type { KeptEdit } from './types/sync-persistence.ts';
import type { Unsubscribe } from './types/unsubscribe.ts';

/** After these the workspace is not this person's any more, and nothing of it stays here. */
const EXPELLED: ReadonlySet<ErrorCode> = new Set(['forbidden', 'workspace-not-found']);

/** Makes a client of one workspace; `start` connects it. */
export function createSyncClient(options: SyncClientOptions): SyncClient {
  const { baseUrl, workspace, environment = QUIET_ENVIRONMENT } = options;
  const runtime: ClientRuntime = { ...systemRuntime, ...options.runtime };
  const report: ReportError = (error) => options.onError?.(error);
  const reportListener: ReportError = options.onError ?? throwAside;
  const api = createApi({ baseUrl, fetch: options.fetch });

  let connection: ConnectionState = { name: 'stopped' };
  let session: Session | null = null;
  let currentAt: number | null = null;
  /** Counts starts, so that one that was stopped while it was reading ends; null while stopped. */
  let started: symbol | null = null;
  let unwatch: Unsubscribe = () => undefined;
  let hasSocket = false;
  const connectionEmitter = createEmitter<ConnectionState>(reportListener);
  const importEmitter = createEmitter<ImportSummary>(reportListener);
  const announce = (): void => connectionEmitter.emit(connection);
  const setCurrent = (at: number): void => {
    // What is still being fetched happened before.
    if (feed.missing !== null) return;
    currentAt = Math.max(at, currentAt ?? at);
    local?.copy.current();
  };

  const store = createRecordStore(reportListener);
  const budget = createMessageBudget(runtime);
  const onSize = (): void => {
    announce();
    httpEdits.look();
  };
  const edits = createPendingEdits({ store, runtime, budget, onSize });
  store.subscribe((changes) => edits.applied(changes));
  const feed = createFeed({
    store,
    runtime,
    isOwn: (operation) => edits.has(operation),
    onSnapshot: (isRestored) => edits.snapshotTaken(isRestored),
  });
  const { persistence } = options;
  const local = persistence
    ? createLocalState({
        runtime,
        persistence,
        store,
        feed,
        currentAt: () => currentAt,
        onLoaded(at) {
          currentAt = Math.max(at, currentAt ?? at);
          announce();
        },
        report,
      })
    : null;
  if (local) store.subscribe((changes) => local.copy.applied(changes));
  const resumed = createResumedEdits(reportListener);
  const edit = (items: readonly EditItem[], operation?: string): Promise<EditOutcome[]> => {
    if (started === null) return Promise.reject(new SyncError('unavailable'));
    if (connection.name === 'refused') return Promise.reject(new SyncError(connection.code));
    return edits.submit(items, operation);
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
    randomId: () => runtime.randomId(),
    journal: () => local?.journal ?? null,
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
      fetchPage: (after, signal, edition) => api.snapshotPage(workspace, { after, edition, signal }),
    });
  const manual = createManualRefresh({
    runtime,
    feed,
    fetchFrames: (after, signal) => api.framesPage(workspace, { after, signal }),
    loader: makeLoader(),
    onCurrent: setCurrent,
    onFetching: announce,
  });
  const httpEdits = createHttpEdits({
    runtime,
    edits,
    post: ({ operation, items }, signal) => api.edit(workspace, { operation, items, signal }),
    async isSamePerson(signal) {
      const user = local?.user ?? session?.user;
      return user === undefined || (await api.me({ signal })).user.id === user;
    },
    refresh: () => manual.refresh(),
    onSignedOut: () => runner.dispatch({ type: 'signed-out' }),
  });
  const chooseWay = (): void => httpEdits.setActive(connection.name === 'manual' && !hasSocket);

  const puller = createRangePuller({
    runtime,
    feed,
    fetchPage: (missing, signal) => api.framesPage(workspace, { ...missing, signal }),
    onProgress: announce,
    onTooOld: () => runner.rangeLost(),
    onDiverged: () => {
      runner.diverged();
      announce();
    },
  });

  const runner = createConnection({
    runtime,
    openSocket: () => options.openSocket(socketUrl(baseUrl), SUBPROTOCOL),
    isOnline: () => environment.isOnline(),
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
      chooseWay();
      if (next.name !== 'refused') return;
      edits.rejectAll(next.code);
      locks.giveUp(next.code);
      if (EXPELLED.has(next.code)) local?.forget();
    },
    onOnline(send) {
      hasSocket = true;
      chooseWay();
      budget.reset();
      edits.online(send);
      locks.online(send);
      attendance.online(send);
      puller.retry();
    },
    onOffline() {
      hasSocket = false;
      edits.offline();
      locks.offline();
      attendance.offline();
      presence.clear();
    },
    receiver: {
      onWelcome({ user, role, node }) {
        if (local && local.user !== user) return false;
        if (session?.user === user && session.role === role && session.node === node) return true;
        session = { user, role, node };
        announce();
        return true;
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
    },
  });

  /** Takes on the edits that were kept. Those of an earlier start come with them. */
  const takeUp = (edits: readonly KeptEdit[], isWanted: () => boolean): void => {
    const journal = local?.journal;
    for (const kept of edits) {
      if (!isWanted()) return;
      void resumed.follow(optimistic.resume(kept), isWanted).then((isTold) => {
        if (isTold) journal?.strike(kept.operation);
      });
    }
  };
  const begin = async (own: symbol): Promise<void> => {
    const isWanted = (): boolean => started === own;
    await local?.load(isWanted, (edits) => takeUp(edits, isWanted));
    if (isWanted()) runner.dispatch({ type: 'start' });
  };

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
    get proof() {
      return { state: feed.proof, checksum: store.checksum };
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
    onResumed: (listener) => resumed.subscribe(listener),
    onImport: (listener) => importEmitter.subscribe(listener),
    start() {
      if (started !== null) return;
      started = Symbol('start');
      unwatch = watchEnvironment(environment, (event) => runner.dispatch(event));
      if (!local) {
        runner.dispatch({ type: 'start' });
        return;
      }
      connection = { name: 'connecting' };
      announce();
      void begin(started);
    },
    stop() {
      if (started === null) return;
      started = null;
      unwatch();
      locks.stop();
      local?.close();
      runner.dispatch({ type: 'stop' });
      puller.stop();
      manual.stop();
      edits.rejectAll('unavailable');
      if (connection.name === 'stopped') return;
      connection = { name: 'stopped' };
      announce();
    },
    reconnectNow: () => runner.dispatch({ type: 'retry' }),
    refresh: () => (connection.name === 'live' ? Promise.resolve() : manual.refresh()),
    edit: (items) => edit(items),
    lock: (records) => locks.lock(records),
    endLock: (lock) => locks.endLock(lock),
    attend: (records) => attendance.attend(records),
  };
}

function socketUrl(baseUrl: string): string {
  return baseUrl.replace(/^http/, 'ws').replace(/\/+$/, '') + SYNC_PATH;
}
