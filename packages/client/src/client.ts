import type { ImportSummary } from '@meldesync/protocol';
import type { LiveConnection } from './connection/connection.ts';
import { QUIET_ENVIRONMENT } from './connection/watch-environment.ts';
import { createMessageBudget } from './edits/message-budget.ts';
import { createEmitter, type Emitter, type ReportError } from './events/emitter.ts';
import { throwAside } from './events/throw-aside.ts';
import { createLocks } from './locks/locks.ts';
import { createAttendance } from './presence/attendance.ts';
import { createPresenceStore } from './presence/presence-store.ts';
import { createReports } from './reports/reports.ts';
import { systemRuntime } from './runtime.ts';
import { type ClientParts, connectParts } from './sync-client/connect.ts';
import { createClientData } from './sync-client/data.ts';
import { createHttpWays } from './sync-client/http-ways.ts';
import { type ClientLife, createClientLife } from './sync-client/life.ts';
import { createClientStatus } from './sync-client/status.ts';
import type { ClientRuntime } from './types/environment.ts';
import type { SyncClient, SyncClientOptions } from './types/sync-client.ts';

/** Makes a client of one workspace; `start` connects it. */
export function createSyncClient(options: SyncClientOptions): SyncClient {
  const { environment = QUIET_ENVIRONMENT } = options;
  const runtime: ClientRuntime = { ...systemRuntime, ...options.runtime };
  const report: ReportError = (error) => options.onError?.(error);
  const reportListener: ReportError = options.onError ?? throwAside;
  const instance = runtime.randomId();
  const budget = createMessageBudget(runtime);
  const reports = createReports(runtime, options.onServerTime);
  const status = createClientStatus(reportListener);
  const imports = createEmitter<ImportSummary>(reportListener);
  const administration = createEmitter<void>(reportListener);

  const life = createClientLife({ parts: () => parts, connection: () => connection });
  const data = createClientData({
    options,
    runtime,
    status,
    budget,
    reports,
    isStarted: () => life.isStarted,
    onSize() {
      status.announce();
      http.edits.look();
    },
    report,
    reportListener,
  });
  const http = createHttpWays({ options, runtime, status, data, connection: () => connection });
  const locks = createLocks({
    runtime,
    instance,
    budget,
    report: reportListener,
    onHolding: (isHolding) => connection.setHolding(isHolding),
  });
  const parts: ClientParts = {
    options,
    environment,
    runtime,
    instance,
    status,
    budget,
    reports,
    data,
    http,
    locks,
    presence: createPresenceStore(reportListener),
    attendance: createAttendance({ runtime, budget }),
    onImport: (summary) => imports.emit(summary),
    onAdministration: () => administration.emit(),
    report,
  };
  const connection = connectParts(parts);
  return publicClient(parts, connection, life, { imports, administration });
}

/** What is told and not kept. */
interface News {
  readonly imports: Emitter<ImportSummary>;
  readonly administration: Emitter<void>;
}

/** The client as its users see it. */
function publicClient(
  { status, data, http, locks, presence, attendance, instance }: ClientParts,
  connection: LiveConnection,
  life: ClientLife,
  { imports, administration }: News,
): SyncClient {
  const { store, feed, edits, optimistic, resumed, keeping } = data;
  return {
    store,
    optimistic,
    locks: locks.store,
    presence,
    instance,
    get connection() {
      return status.connection;
    },
    get session() {
      return status.session;
    },
    get cursor() {
      return feed.cursor;
    },
    get proof() {
      return { state: feed.proof, checksum: store.checksum };
    },
    get currentAt() {
      return status.currentAt;
    },
    get pendingEdits() {
      return edits.size + optimistic.waiting;
    },
    get keeping() {
      return keeping.state;
    },
    get unreadable() {
      return store.unreadable.size;
    },
    get fetching() {
      return feed.fetching;
    },
    onConnection: (listener) => status.subscribe(listener),
    onResumed: (listener) => resumed.subscribe(listener),
    onImport: (listener) => imports.subscribe(listener),
    onAdministration: (listener) => administration.subscribe(listener),
    start: () => life.start(),
    stop: () => life.stop(),
    reconnectNow: () => connection.dispatch({ type: 'retry' }),
    signedOut: () => connection.dispatch({ type: 'signed-out' }),
    refresh: () => (status.connection.name === 'live' ? Promise.resolve() : http.manual.refresh()),
    edit: (items) => data.submit(items),
    lock: (records, options) => locks.lock(records, options),
    endLock: (lock) => locks.endLock(lock),
    attend: (records) => attendance.attend(records),
  };
}
