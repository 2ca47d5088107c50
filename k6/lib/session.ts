import exec from 'k6/execution';
import { between } from './between.ts';
import { reportError } from './metrics.ts';
import { pause } from './pause.ts';
import { personOf } from './people.ts';
import { Visit } from './visit.ts';

/** After the last edits, before copies are compared. */
const QUIET_MS = 4_000;

/** How often what is done, as weights. */
interface Habits {
  readonly edit?: number;
  readonly lock?: number;
  readonly conflict?: number;
  readonly filter?: number;
  readonly sleep?: number;
}

export interface SessionPlan {
  /** Since the scenario began; then everybody leaves. */
  readonly durationMs: number;
  /** People come within so long. */
  readonly arriveWithinMs: number;
  readonly thinkMs: readonly [number, number];
  readonly sleepMs?: readonly [number, number];
  readonly habits: Habits;
  readonly signsIn?: boolean;
  readonly sample?: number;
  /** Rows of the files that this person imports one after the other, of a list in turn, until the end; none where it is missing. */
  readonly importRows?: number | readonly number[];
  readonly importEveryMs?: number;
}

/** One person of a scenario in which everybody stays to its end, when all copies are compared with the service. */
export function session(plan: SessionPlan): Promise<void> {
  return guarded(async () => {
    const endsAt = exec.scenario.startTime + plan.durationMs;
    await pause(between(0, plan.arriveWithinMs));
    const visit = await begin(plan);
    await Promise.all([work(visit, plan, endsAt), importFiles(visit, plan, endsAt)]);
    await pause(endsAt + QUIET_MS - Date.now());
    await visit.end();
  });
}

/** One person who comes, works for a while and leaves, while others go on. */
export function shortVisit(plan: Omit<SessionPlan, 'arriveWithinMs'>): Promise<void> {
  return guarded(async () => {
    const visit = await begin(plan);
    await work(visit, plan, Date.now() + plan.durationMs);
    await visit.end();
  });
}

/** An iteration that throws would not be noticed by any threshold. */
export async function guarded(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    reportError('script', error instanceof Error ? `${error.message} ${error.stack ?? ''}` : String(error));
  }
}

function begin(plan: Pick<SessionPlan, 'signsIn' | 'sample'>): Promise<Visit> {
  return Visit.begin({
    person: personOf(exec.vu.idInTest),
    signsIn: plan.signsIn ?? false,
    sample: plan.sample ?? 1,
  });
}

async function work(visit: Visit, plan: Omit<SessionPlan, 'arriveWithinMs'>, endsAt: number): Promise<void> {
  const [least, most] = plan.sleepMs ?? [3_000, 8_000];
  const actions: readonly (readonly [number, () => Promise<void> | void])[] = [
    [plan.habits.edit ?? 0, () => visit.edit()],
    [plan.habits.lock ?? 0, () => visit.lockAndEdit()],
    [plan.habits.conflict ?? 0, () => visit.conflict()],
    [plan.habits.filter ?? 0, () => visit.filter()],
    [plan.habits.sleep ?? 0, () => visit.sleep(between(least, Math.min(most, Math.max(least, endsAt - Date.now()))))],
  ];
  const total = actions.reduce((sum, [weight]) => sum + weight, 0);
  for (;;) {
    await pause(Math.min(between(...plan.thinkMs), endsAt - Date.now()));
    if (Date.now() >= endsAt) return;
    let drawn = Math.random() * total;
    for (const [weight, act] of actions) {
      drawn -= weight;
      if (drawn >= 0) continue;
      await act();
      break;
    }
  }
}

async function importFiles(visit: Visit, plan: SessionPlan, endsAt: number): Promise<void> {
  if (plan.importRows === undefined) return;
  const everyMs = plan.importEveryMs ?? 0;
  const sizes = [plan.importRows].flat();
  for (let at = Date.now(), file = 0; at < endsAt; at = Date.now(), file++) {
    await visit.import(sizes[file % sizes.length] ?? 1);
    await pause(Math.min(Math.max(0, at + everyMs - Date.now()), Math.max(0, endsAt - Date.now())));
  }
}
