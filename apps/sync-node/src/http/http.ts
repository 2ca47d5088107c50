import type { NoticePublisher } from '@meldesync/bus';
import { type Database, getRole } from '@meldesync/db';
import type { ReportUnreadable } from '@meldesync/protocol';
import type { Logger, Readiness, Tracing } from '@meldesync/telemetry';
import { AuditCursors } from '../audit-query/cursors.ts';
import type { SecondFactorPolicy } from '../auth/second-factor-policy.ts';
import { newSessionToken } from '../auth/session-tokens.ts';
import type { SignIn } from '../auth/sign-in.ts';
import type { NodeBudgets } from '../budgets/node-budgets.ts';
import type { NodeConfig } from '../config.ts';
import type { NodeCore } from '../core/node-core.ts';
import type { Limits } from '../limits/limits.ts';
import type { ClusterOperations } from '../operations/cluster-operations.ts';
import type { ImportQueue } from '../queue/import-queue.ts';
import { createHttpApi } from './api.ts';
import type { PeopleServices } from './api-context.ts';
import { describeApi } from './api-description.ts';
import { bodyLimits, heldLimits } from './body-limits.ts';
import { createHandler } from './handler.ts';
import { createRouteNames } from './route-names.ts';
import { createRouteTable, type DescribedPaths } from './route-table.ts';
import { loadStaticFiles } from './static-files.ts';
import type { HttpHandlerOptions } from './uws-adapter.ts';

export interface HttpOptions {
  readonly config: Pick<NodeConfig, 'webDir' | 'importLimits' | 'baseUrl' | 'oidc' | 'passwordPolicy' | 'authSecret'>;
  readonly database: Database;
  /** The database as who signs in and administers. */
  readonly accounts: Database;
  readonly core: NodeCore;
  readonly budgets: NodeBudgets;
  readonly signIn: SignIn;
  readonly limits: Limits;
  readonly secondFactor: SecondFactorPolicy;
  readonly importQueue: ImportQueue;
  readonly operations: ClusterOperations;
  readonly notices: NoticePublisher;
  readonly ready: () => Promise<Readiness>;
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly onUnreadable: ReportUnreadable;
  /** An import was cancelled. */
  readonly onImportCancelled: () => void;
  /** Hears of each request that was answered, by whoever names its route. */
  readonly measureRequests: (routeOf: ReturnType<typeof createRouteNames>) => HttpHandlerOptions['onAnswered'];
}

/** All that the node answers over HTTP, and how much it takes in for it. */
export async function createHttp(
  options: HttpOptions,
): Promise<Pick<HttpHandlerOptions, 'handle' | 'bodyLimit' | 'heldLimits' | 'onAnswered'>> {
  const { config, database, accounts, core, budgets, signIn, importQueue, operations, notices } = options;
  const { ready, logger, tracing, onUnreadable } = options;
  const { auth, authReports, keys, passwords, identify, identities, origins } = signIn;
  const { renewSession, noteInput, sessionRules, sessionCookie, deviceSecrets } = signIn;
  const { secondFactor, limits } = options;
  const { importLimits, baseUrl } = config;
  const importMaxBytes = importLimits.maxBytes;
  const { answers, feeds, locks, httpLocks } = core;
  const api = createHttpApi({
    auth,
    authReports,
    keys,
    identify,
    renewSession,
    noteInput,
    sessionRules,
    sessionCookie,
    passwords,
    secondFactor,
    deviceSecrets,
    database,
    accounts,
    answers,
    feeds,
    locks,
    httpLocks,
    importQueue,
    auditCursors: new AuditCursors(keys),
    operations,
    notices,
    origins,
    people: peopleServices(config, passwords),
    limits,
    budgets,
    importLimits,
    logger,
    tracing,
    onUnreadable,
    onImportCancelled: options.onImportCancelled,
  });
  const [description, staticFiles] = await Promise.all([describeApi(api), loadStaticFiles(config.webDir)]);
  const described = JSON.parse(new TextDecoder().decode(description.body)) as DescribedPaths;
  return {
    handle: createHandler({
      api,
      description,
      routes: createRouteTable(described),
      accounts,
      ...signIn,
      limits,
      baseUrl,
      isSecure: baseUrl.startsWith('https:'),
      staticFiles,
      budgets,
      ready,
      logger,
    }),
    bodyLimit: bodyLimits({
      identities,
      origins,
      roleOf: (workspace, userId) => getRole(database.drizzle, workspace, userId),
      importMaxBytes,
      logger,
    }),
    heldLimits: heldLimits(importMaxBytes),
    onAnswered: options.measureRequests(createRouteNames(api.routes)),
  };
}

function peopleServices(
  { baseUrl, oidc, passwordPolicy, authSecret }: HttpOptions['config'],
  passwords: PeopleServices['passwords'],
): PeopleServices {
  return {
    baseUrl,
    passwords,
    passwordPolicy,
    signingIn: {
      passwords: passwordPolicy !== 'off',
      passkeys: true,
      singleSignOn: oidc ? { name: oidc.name } : null,
    },
    newToken: () => newSessionToken(authSecret),
  };
}
