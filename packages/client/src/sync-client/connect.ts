import { type ErrorCode, type ImportSummary, SUBPROTOCOL, SYNC_PATH } from '@meldesync/protocol';
import { createConnection, type LiveConnection } from '../connection/connection.ts';
import { isSameState, publicState } from '../connection/public-state.ts';
import type { MessageReceiver } from '../connection/route-message.ts';
import type { MessageBudget } from '../edits/message-budget.ts';
import type { ReportError } from '../events/emitter.ts';
import type { Locks } from '../locks/locks.ts';
import type { Attendance } from '../presence/attendance.ts';
import type { WritablePresenceStore } from '../presence/presence-store.ts';
import type { Reports } from '../reports/reports.ts';
import type { ConnectionState } from '../types/connection-state.ts';
import type { ClientEnvironment, ClientRuntime } from '../types/environment.ts';
import type { SyncClientOptions } from '../types/sync-client.ts';
import type { ClientData } from './data.ts';
import type { HttpWays } from './http-ways.ts';
import type { ClientStatus } from './status.ts';

/** After these the workspace is not this person's any more, and nothing of it stays here. */
const EXPELLED: ReadonlySet<ErrorCode> = new Set(['forbidden', 'workspace-not-found']);

/** The parts of a client that its connection feeds. */
export interface ClientParts {
  readonly options: SyncClientOptions;
  readonly environment: ClientEnvironment;
  readonly runtime: ClientRuntime;
  /** This client across reconnects. */
  readonly instance: string;
  readonly status: ClientStatus;
  readonly budget: MessageBudget;
  readonly reports: Reports;
  readonly data: ClientData;
  readonly http: HttpWays;
  readonly locks: Locks;
  readonly presence: WritablePresenceStore;
  readonly attendance: Attendance;
  readonly onImport: (summary: ImportSummary) => void;
  readonly onAdministration: () => void;
  readonly report: ReportError;
}

/** Makes the client's connection, which is stopped, and joins it to the parts. */
export function connectParts(parts: ClientParts): LiveConnection {
  const { options, environment, runtime, instance, status, budget, data, http, locks, presence, attendance } = parts;
  const { baseUrl, workspace, client } = options;
  let hasSocket = false;
  const chooseWay = (): void => {
    const isManual = status.connection.name === 'manual';
    http.edits.use(isManual ? (hasSocket ? 'showing' : 'edits') : 'nothing');
  };

  return createConnection({
    runtime,
    openSocket: () => options.openSocket(socketUrl(baseUrl), SUBPROTOCOL),
    isOnline: () => environment.isOnline(),
    hello: { type: 'hello', workspace, instance, client },
    feed: data.feed,
    loader: http.loader,
    report: parts.report,
    reports: parts.reports,
    receiver: receiverOf(parts),
    onState(state, facts) {
      const next = publicState(state, facts);
      if (isSameState(next, status.connection)) return;
      status.connection = next;
      if (next.name === 'live') data.seenCurrent(runtime.now());
      status.announce();
      chooseWay();
      if (next.name === 'refused') refused(parts, next);
    },
    onOnline(send) {
      hasSocket = true;
      chooseWay();
      budget.reset();
      data.edits.online(send);
      locks.online(send);
      attendance.online(send);
      http.renew();
      http.puller.retry();
    },
    onOffline() {
      hasSocket = false;
      data.edits.offline();
      locks.offline();
      attendance.offline();
      presence.clear();
    },
  });
}

function refused({ data, locks }: ClientParts, { code }: Extract<ConnectionState, { name: 'refused' }>): void {
  data.edits.rejectAll(code);
  locks.giveUp(code);
  if (EXPELLED.has(code)) data.local?.forget();
}

function receiverOf(parts: ClientParts): MessageReceiver {
  const { runtime, status, data, http, locks, presence, onImport, onAdministration } = parts;
  const { edits, local } = data;
  return {
    onWelcome({ user, role, node }) {
      const { session } = status;
      if (local && local.user !== user) return false;
      if (session?.user === user && session.role === role && session.node === node) return true;
      status.session = { user, role, node };
      status.announce();
      return true;
    },
    onRole(role) {
      const { session } = status;
      // Whoever has not been welcomed hears it then.
      if (!session || session.role === role) return;
      status.session = { ...session, role };
      status.announce();
    },
    onEdited(answer) {
      const isFitting = edits.answer(answer);
      // A node that hears nothing brings nothing back: what was accepted is fetched.
      if (isFitting) http.edits.look();
      return isFitting;
    },
    onRefused: (operation, code) => edits.refuse(operation, code),
    onLockAnswer: (answer) => locks.answer(answer),
    onRequestRefused: (request, code) => locks.refuse(request, code),
    onLocks: (message) => locks.receive(message),
    onPong: (sentAt) => locks.ponged(sentAt),
    onPresence: (message) => presence.receive(message),
    onImport,
    onAdministration,
    onRange(spreadMs) {
      http.puller.wakeWithin(spreadMs);
      status.announce();
    },
    onCurrent: () => data.seenCurrent(runtime.now()),
  };
}

function socketUrl(baseUrl: string): string {
  return baseUrl.replace(/^http/, 'ws').replace(/\/+$/, '') + SYNC_PATH;
}
