import { SyncError } from '@meldesync/client';
import { isUntrustedCertificate } from '@meldesync/lifecycle';
import { describeLack } from '@meldesync/protocol';
import { z } from 'zod';
import { type CliContext, type GlobalOptions, printDebug } from '../context.ts';
import { CliError } from '../errors.ts';
import { chooseServer, resolveAccess } from '../session/access.ts';
import { enterService, type Service } from '../session/service.ts';
import { openSignIns, type SignIns } from '../session/sign-ins.ts';
import { systemCode } from '../system-code.ts';
import { askOperations } from '../top/ask-operations.ts';
import { checkSocket } from './check-socket.ts';
import { type Finding, findingsOf } from './finding.ts';
import { judgeOperations } from './judge-operations.ts';

const PATIENCE_MS = 8_000;
/** Clocks that differ by less than this mislead nobody; the server says the time in whole seconds. */
const CLOCK_MS = 5_000;

/** What a balancer says itself when it reaches no node, or none answers it in time (RFC 9110 §15.6). */
const NOBODY_BEHIND: ReadonlySet<number> = new Set([502, 503, 504]);

/** The part of what a node says at `/readyz` that is judged here. */
const readiness = z.object({ usable: z.boolean(), live: z.boolean(), missing: z.array(z.string()) });

/** Looks at the service as a client sees it; what hangs on something that failed is left out. */
export async function checkService(context: CliContext, options: GlobalOptions): Promise<Finding[]> {
  const find = findingsOf('server');
  const signIns = await openSignIns(context.terminal);
  const server = chooseServer(options.server, context.terminal.env, signIns);
  if (server === undefined) return [find('skipped', 'noServerKnown')];
  const askedAt = Date.now();
  let response: Response;
  let body: string;
  try {
    response = await fetch(new URL('/readyz', server), { signal: AbortSignal.timeout(PATIENCE_MS) });
    body = await response.text();
  } catch (error) {
    const reason = systemCode(error) ?? 'timeout';
    const finding = isUntrustedCertificate(reason) ? 'serverUntrusted' : 'serverUnreachable';
    return [find('failed', finding, { server, reason })];
  }
  const answeredAt = Date.now();
  const said = readiness.safeParse(jsonOrNothing(body));
  if (!said.success && NOBODY_BEHIND.has(response.status))
    return [find('failed', 'nobodyBehind', { server, status: response.status })];
  const findings = [
    find('ok', 'serverReachable', { server, milliseconds: answeredAt - askedAt }),
    said.success
      ? judgeReadiness(said.data, context.language)
      : findingsOf('readiness')('warning', 'readinessUnknown', { status: response.status }),
  ];
  const date = Date.parse(response.headers.get('date') ?? '');
  const entered = await enter(context, options, signIns);
  if ('finding' in entered) return [...findings, ...clock(date, askedAt, answeredAt), entered];
  const { access, me } = entered;
  const workspace = me.workspaces.find(({ id, name }) => id === access.workspace || name === access.workspace);
  const [operations, socket] = await Promise.all([
    askAs(entered, context, date),
    checkSocket({ server, token: access.token, workspace: (workspace ?? me.workspaces[0])?.id }),
  ]);
  const signIn = findingsOf('signIn')('ok', 'signInFine', { name: me.user.name });
  return [...findings, signIn, ...socket, ...operations];
}

function judgeReadiness({ usable, live, missing }: z.infer<typeof readiness>, language: 'de' | 'en'): Finding {
  const find = findingsOf('readiness');
  const lacks = missing.map((said) => describeLack(said, language)).join(', ') || '–';
  if (!usable) return find('failed', 'notUsable', { lacks });
  return live ? find('ok', 'usableAndLive') : find('failed', 'notLive', { lacks });
}

/** Asks who is signed in. What keeps anybody out is a finding. */
async function enter(context: CliContext, options: GlobalOptions, signIns: SignIns): Promise<Service | Finding> {
  const find = findingsOf('signIn');
  try {
    return await enterService(context, await resolveAccess(options, context.terminal.env, signIns));
  } catch (error) {
    printDebug(context, error);
    if (error instanceof CliError && error.key === 'notSignedIn') return find('failed', 'notSignedIn');
    if (error instanceof CliError && error.key === 'notAServer') return findingsOf('server')('failed', 'notMeldeSync');
    if (error instanceof CliError && error.key === 'interrupted') throw error;
    return find('failed', 'signInUnknown', { reason: error instanceof SyncError ? error.code : 'error' });
  }
}

/** How the whole service is, where the person may know, and what its clock says. */
async function askAs(service: Service, context: CliContext, date: number): Promise<Finding[]> {
  const askedAt = Date.now();
  try {
    const operations = await askOperations(service);
    const at = Number.isNaN(date) ? Date.parse(operations.at) : date;
    return [...clock(at, askedAt, Date.now()), ...judgeOperations(operations, context.language)];
  } catch (error) {
    printDebug(context, error);
    const find = findingsOf('processes');
    const finding =
      error instanceof CliError && error.key === 'notAdministrator'
        ? find('skipped', 'operationsForbidden')
        : error instanceof CliError && error.key === 'serverTooOld'
          ? find('skipped', 'operationsUnknown')
          : error instanceof SyncError
            ? find('failed', 'operationsFail', { reason: error.code })
            : undefined;
    if (!finding) throw error;
    return [...clock(date, askedAt, Date.now()), finding];
  }
}

/** Compares the server's clock with this one's, half way between question and answer. */
function clock(serverMs: number, askedAt: number, answeredAt: number): Finding[] {
  if (Number.isNaN(serverMs)) return [];
  const find = findingsOf('clock');
  const differenceMs = Math.abs(serverMs - (askedAt + answeredAt) / 2);
  const seconds = Math.round(differenceMs / 1_000);
  return [
    differenceMs > CLOCK_MS ? find('warning', 'clockDiffers', { seconds }) : find('ok', 'clockFine', { seconds }),
  ];
}

/** A page of somebody else's is no JSON. */
function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
