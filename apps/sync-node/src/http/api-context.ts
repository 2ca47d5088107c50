import type { NoticePublisher } from '@meldesync/bus';
import type { Database, SessionRules } from '@meldesync/db';
import type { Entry, ReportUnreadable, Role } from '@meldesync/protocol';
import type { Logger, Tracing } from '@meldesync/telemetry';
import type { AuditCursors } from '../audit-query/cursors.ts';
import type { Auth } from '../auth/auth.ts';
import type { AuthReports } from '../auth/auth-reports.ts';
import type { DeviceSecrets } from '../auth/device-secrets.ts';
import type { Identify } from '../auth/identify.ts';
import type { PasswordChecks } from '../auth/password-checks.ts';
import type { PasswordPolicy } from '../auth/password-policy.ts';
import type { SecondFactorPolicy } from '../auth/second-factor-policy.ts';
import type { SessionCookieForm, SessionRenewal } from '../auth/session-renewal.ts';
import type { NewSessionToken, SessionKeys } from '../auth/session-tokens.ts';
import type { NodeBudgets } from '../budgets/node-budgets.ts';
import type { ApiAnswers } from '../core/api-answers.ts';
import type { Identity, NoteInput } from '../core/identity.ts';
import type { Feeds } from '../feed/feeds.ts';
import type { Limits } from '../limits/limits.ts';
import type { HttpLocks } from '../locks/http-locks.ts';
import type { NodeLocks } from '../locks/node-locks.ts';
import type { ClusterOperations } from '../operations/cluster-operations.ts';
import type { ImportQueue } from '../queue/import-queue.ts';
import type { ImportLimits } from './import-limits.ts';

/** What people come in by. */
export interface PeopleServices {
  /** Address people open. */
  readonly baseUrl: string;
  readonly passwords: Pick<PasswordChecks, 'hash' | 'isFull'>;
  /** Who may have a password. */
  readonly passwordPolicy: PasswordPolicy;
  /** How one signs in here. */
  readonly signingIn: Omit<Entry, 'needsSetUp' | 'isDemo'>;
  /** Makes a token for a program. */
  readonly newToken: () => NewSessionToken;
}

/** What the routes work with. */
export interface ApiServices {
  readonly auth: Auth;
  readonly authReports: AuthReports;
  /** Sign sessions. */
  readonly keys: SessionKeys;
  readonly deviceSecrets: DeviceSecrets;
  readonly identify: Identify;
  readonly renewSession: SessionRenewal;
  readonly noteInput: NoteInput;
  readonly sessionRules: SessionRules;
  readonly sessionCookie: SessionCookieForm;
  readonly passwords: PasswordChecks;
  readonly secondFactor: SecondFactorPolicy;
  readonly database: Database;
  /** The database as who signs in and administers: sessions, passwords, who may what, and what is for administrators alone. */
  readonly accounts: Database;
  /** What does not depend on HTTP. */
  readonly answers: ApiAnswers;
  readonly feeds: Feeds;
  readonly locks: NodeLocks;
  /** Locks of who has no WebSocket. */
  readonly httpLocks: HttpLocks;
  /** How the cluster runs. */
  readonly operations: ClusterOperations;
  readonly importQueue: ImportQueue;
  /** Of lists of the trail. */
  readonly auditCursors: AuditCursors;
  /** For what is worth a look now and nothing later. */
  readonly notices: NoticePublisher;
  readonly people: PeopleServices;
  readonly limits: Limits;
  /** How much of what costs a lot is done for one. */
  readonly budgets: NodeBudgets;
  readonly origins: ReadonlySet<string>;
  readonly importLimits: ImportLimits;
  readonly logger: Logger;
  readonly tracing: Tracing;
  /** An entry of a list could not be read, and is left out. */
  readonly onUnreadable: ReportUnreadable;
  readonly onImportCancelled: () => void;
}

/** What the middlewares find out about a request, for the routes behind them. */
export interface ApiEnv {
  Variables: {
    /** Of everything under the API but its description. */
    identity: Identity;
    /** The person has to set up a second factor before anything else. */
    needsSecondFactor: boolean;
    /** Of everything under a workspace. */
    role: Role;
    language: 'de' | 'en';
    /** How long it took to make an answer that is shared; 0 where it was there, undefined for answers that are not shared. */
    madeInMs: number | undefined;
  };
}
