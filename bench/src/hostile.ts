import { createApi } from '@meldesync/client';
import { ResourceStack } from '@meldesync/lifecycle';
import { runSql } from '@meldesync/testkit';
import type { BenchContext } from './context.ts';
import type { AttackProcess } from './hostile/attack-process.ts';
import type { AttackTarget } from './hostile/attacker.ts';
import { ATTACKS, type Attack, type AttackBy } from './hostile/attacks.ts';
import type { VictimsProcess, WorkReport } from './hostile/victims-process.ts';
import { formatTable, median, round } from './measure/table.ts';
import { type Remote, startRemote } from './processes/remote.ts';
import { tokenAccess } from './systems/access.ts';
import { type Meldesync, startMeldesync } from './systems/meldesync.ts';

/** Defaults of the options. `attack`: the number of one alone; all of them where it is absent. */
export const HOSTILE_OPTIONS = { clients: 20, rate: 40, seconds: 10, records: 5_000, attack: ATTACKS.length + 1 };

type Options = typeof HOSTILE_OPTIONS;

/** Others' edits may take so many times as long. */
const MOST_RATIO = 2;
const CONNECTIONS = 16;
const STRANGERS = 32;
const WORKERS = 4;
const WARM_UP_SECONDS = 6;
/** The quiet is measured anew before so many attacks; the middle of it counts. */
const ATTACKS_A_QUIET = 6;
/** Of those records that nobody attacks. */
const EDITED = 1_000;

/** What became of others' edits during an attack. */
interface Suffered {
  readonly attack: Attack;
  readonly report: WorkReport;
  readonly asked: number;
  readonly refused: number;
}

/**
 * Measures how much longer the edits of others take while one person with many connections, or many who are not signed in, do the most
 * expensive things that they may, one after the other.
 * @returns whether none makes p99 more than twice what it is in quiet, and no edit failed
 */
export async function runHostile(context: BenchContext, options: Options): Promise<boolean> {
  await using stack = new ResourceStack();
  context.step('Starting relay, worker and two nodes');
  const system = stack.use(
    await startMeldesync(context, {
      records: options.records,
      people: WORKERS + 3,
      settings: { PERSON_CONNECTIONS: '50' },
    }),
  );
  const targets = await prepare(system);
  const victims = startVictims(context, stack);
  const attackers = stack.use(
    startRemote<AttackProcess>(context, {
      name: 'attackers',
      file: new URL('./hostile/attack-process.ts', import.meta.url),
      isServer: false,
    }),
  );
  const tokens = system.people.slice(0, WORKERS).map(({ token }) => token);
  await victims.call('connect', { urls: system.urls, tokens, workspace: system.workspace, clients: options.clients });
  const work = (seconds: number) =>
    victims.call('work', { records: system.records.slice(0, EDITED), perSecond: options.rate, seconds });
  context.step(`Warming up for ${WARM_UP_SECONDS} s`, 'trial');
  await work(WARM_UP_SECONDS);
  const quiet: WorkReport[] = [];
  const suffered: Suffered[] = [];
  const chosen = ATTACKS.filter((_, index) => options.attack > ATTACKS.length || index + 1 === options.attack);
  for (const [index, attack] of chosen.entries()) {
    if (index % ATTACKS_A_QUIET === 0) {
      context.step('Quiet');
      quiet.push(await work(options.seconds));
    }
    context.step(`${attack.by}: ${attack.name}`);
    const connections = attack.by === 'strangers' ? STRANGERS : CONNECTIONS;
    await attackers.call('begin', { name: attack.name, connections, target: targets[attack.by] });
    const report = await work(options.seconds);
    suffered.push({ attack, report, ...(await attackers.call('end', null)) });
  }
  return print(options, quiet, suffered);
}

function startVictims(context: BenchContext, stack: ResourceStack): Remote<VictimsProcess> {
  const file = new URL('./hostile/victims-process.ts', import.meta.url);
  return stack.use(startRemote<VictimsProcess>(context, { name: 'victims', file, isServer: false }));
}

/** One person each who looks on, edits and audits, and somebody who is nobody. */
async function prepare(system: Meldesync): Promise<Record<AttackBy, AttackTarget>> {
  const [viewer, editor, auditor] = system.people.slice(WORKERS);
  if (!viewer || !editor || !auditor) throw new Error('there are too few people');
  await runSql(system.ownerUrl, `update members set role = 'viewer' where user_id = $1`, [viewer.id]);
  await runSql(system.ownerUrl, `update members set role = 'auditor' where user_id = $1`, [auditor.id]);
  const [url = ''] = system.urls;
  const { cursor } = await createApi(tokenAccess(url, editor.token)).snapshotPage(system.workspace, { limit: 1 });
  const records = system.records.slice(EDITED);
  const target = {
    url,
    workspace: system.workspace,
    records,
    cursor,
    email: editor.email,
    paths: await readPaths(url, system.workspace, records[0] ?? 0),
  };
  return {
    viewer: { ...target, token: viewer.token },
    editor: { ...target, token: editor.token },
    auditor: { ...target, token: auditor.token },
    strangers: { ...target, token: null },
  };
}

/** Every GET that the API describes and that needs nothing but a workspace and a record. */
async function readPaths(url: string, workspace: string, record: number): Promise<string[]> {
  const answer = await fetch(`${url}/api/openapi.json`);
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, unknown>> };
  return Object.entries(paths)
    .filter(([, item]) => 'get' in item)
    .map(([path]) => path.replace('{workspace}', workspace).replace('{record}', String(record)))
    .filter((path) => path.startsWith('/api/v1/') && !path.includes('{'));
}

function print(options: Options, quiet: readonly WorkReport[], suffered: readonly Suffered[]): boolean {
  const quietP99Ms = median(quiet.map(({ shown }) => shown.p99));
  const rows = suffered.map(({ attack, report, asked, refused }) => ({
    name: attack.name,
    by: attack.by,
    p99Ms: round(report.shown.p99),
    ratio: round(report.shown.p99 / quietP99Ms),
    p50Ms: round(report.shown.p50),
    failed: report.failed,
    disconnects: report.disconnects,
    asked,
    refused,
  }));
  console.log(
    formatTable([
      ['what others do', 'by', 'p50, ms', 'p99, ms', 'ratio', 'failed', 'disconnects', 'asked', 'refused'],
      ['nothing', '', round(median(quiet.map(({ shown }) => shown.p50))).toFixed(2), round(quietP99Ms).toFixed(2)],
      ...rows.map((row) => [
        row.name,
        row.by,
        row.p50Ms.toFixed(2),
        row.p99Ms.toFixed(2),
        row.ratio.toFixed(2),
        ...[row.failed, row.disconnects, row.asked, row.refused].map(String),
      ]),
    ]),
  );
  const worstP99Ms = Math.max(...rows.map(({ p99Ms }) => p99Ms));
  const ratio = round(worstP99Ms / quietP99Ms);
  const isWhole = [...quiet, ...suffered.map(({ report }) => report)].every(({ failed }) => failed === 0);
  console.log(
    `\n${options.clients} clients, ${options.rate} edits/s from the click until every client shows it, ${options.seconds} s each; ` +
      `one person with ${CONNECTIONS} connections, or ${STRANGERS} strangers\n`,
  );
  const attacks = Object.fromEntries(rows.map(({ name, ...row }) => [name, row]));
  console.log(
    JSON.stringify({
      benchmark: 'hostile',
      quietP99Ms: round(quietP99Ms),
      worstP99Ms,
      ratio,
      isWhole,
      ...options,
      attacks,
    }),
  );
  return ratio <= MOST_RATIO && isWhole;
}
