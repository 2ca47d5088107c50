import { setTimeout as sleep } from 'node:timers/promises';
import { runSql } from '@meldesync/testkit';
import type { Remote } from '../../processes/remote.ts';
import type { SupervisedPart } from '../../processes/supervised-part.ts';
import type { LoadProcess } from './load-process.ts';
import { isOfPostgres } from './repetition.ts';
import type { SavingWatch } from './saving-watch.ts';
import type { Stage, StageWorkspace } from './stage.ts';

const LOOK_EVERY_MS = 100;
/** How long a change may be on its way, on a machine that does other things. */
const ALLOWED_MS = 1_500;
/** All is well only when it stays so. */
const STEADY_MS = 2_000;
/** After so long nobody waits for the recovery any more. */
export const PATIENCE_MS = 90_000;

export interface Observed {
  readonly stage: Stage;
  readonly workspace: StageWorkspace;
  readonly load: Remote<LoadProcess>;
  readonly saving: SavingWatch;
  readonly signal: AbortSignal;
}

/**
 * Waits until every screen is live and has what Postgres has, nobody waits long for an answer, and that has stayed so;
 * `isQuiet`: nobody asks anything any more, so that nothing may wait at all.
 * @returns since when, by `performance.now()`; undefined when that took too long
 */
export async function recovered(observed: Observed, isQuiet = false): Promise<number | undefined> {
  const deadline = performance.now() + PATIENCE_MS;
  let wellSince: number | undefined;
  while (performance.now() < deadline) {
    observed.signal.throwIfAborted();
    const askedMs = performance.now();
    const isWell = await isWellWithin(ALLOWED_MS, observed, isQuiet);
    wellSince = isWell ? (wellSince ?? askedMs) : undefined;
    if (wellSince !== undefined && performance.now() - wellSince >= STEADY_MS) return wellSince;
    await sleep(LOOK_EVERY_MS);
  }
  return undefined;
}

/** Waits until the cluster saves no work; whether that came. */
export async function savesNothing({ saving, signal }: Observed): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!saving.isNormal && performance.now() < deadline) {
    signal.throwIfAborted();
    await sleep(LOOK_EVERY_MS);
  }
  return saving.isNormal;
}

async function isWellWithin(limitMs: number, observed: Observed, isQuiet: boolean): Promise<boolean> {
  const { stage, workspace, load } = observed;
  const versions = await Promise.race([storedVersions(stage, workspace), sleep(limitMs, undefined, { ref: false })]);
  if (versions === undefined) return false;
  const deadline = performance.now() + limitMs;
  for (;;) {
    const standing = await load.call('standing', null);
    const isAnswered = isQuiet
      ? standing.unanswered === 0
      : standing.oldestUnansweredMs < 2 * limitMs &&
        (standing.importWaitsMs < 2 * limitMs || (await rests(stage.worker)));
    if (standing.allLive && isAnswered && standing.fewestVersions >= versions) return true;
    if (performance.now() > deadline) return false;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Whether the worker leaves imports for later, as after trouble of others it does for a while (R5.4). */
async function rests({ adminUrl }: SupervisedPart): Promise<boolean> {
  try {
    const response = await fetch(`${adminUrl}/readyz`, { signal: AbortSignal.timeout(ALLOWED_MS) });
    return ((await response.json()) as { rests?: boolean }).rests === true;
  } catch {
    return false;
  }
}

/** Undefined while Postgres is not there. */
async function storedVersions({ ownerUrl }: Stage, { id }: StageWorkspace): Promise<number | undefined> {
  try {
    const sql = 'select sum(version) as versions from records where workspace_id = $1';
    const [row] = await runSql(ownerUrl, sql, [id]);
    return Number(row?.['versions']);
  } catch (error) {
    if (!isOfPostgres(error)) throw error;
    return undefined;
  }
}
