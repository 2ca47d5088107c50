import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type PostgresFolder, runSql, SHOWN_COLUMNS, type Shown } from '@meldesync/testkit';
import type { BenchContext } from '../../context.ts';
import type { Stage, StageWorkspace } from '../all-faults/stage.ts';
import type { Check } from '../drill-report.ts';
import type { Clients } from '../fault-drill.ts';
import { THIS_RELEASE } from '../upgrade/release.ts';
import type { BackupScripts } from './backup-scripts.ts';
import type { TrailKeeper } from './trail.ts';

const run = promisify(execFile);
const EDITS = { perSecond: 20, noteLength: 60 };
const EDITING_MS = 3_000;
/** Rounds of edits so far. */
let rounds = 0;
export const PATIENCE_MS = 60_000;
export const LOOK_EVERY_MS = 50;

/** A cluster with clients that stay open while its database is put back. */
export interface Scene {
  readonly context: BenchContext;
  readonly stage: Stage;
  readonly workspace: StageWorkspace;
  readonly clients: Clients;
  readonly count: number;
  readonly scripts: BackupScripts;
  readonly trail: TrailKeeper;
  /** Where backups are. */
  readonly folder: PostgresFolder;
}

/** Clients edit for a moment; resolves when all is answered and shown. @returns how many edits were accepted */
export async function edit(scene: Scene): Promise<number> {
  const { clients, workspace } = scene;
  // Each round counts its notes from 0: of another length they are others, and change something.
  rounds += 1;
  const noteLength = EDITS.noteLength + rounds;
  await clients.call('beginEdits', { ...EDITS, noteLength, records: workspace.records });
  await sleep(EDITING_MS);
  await clients.call('endEdits', { patienceMs: PATIENCE_MS });
  const { edits } = await clients.call('experience', { truth: await truthOf(scene) });
  await untilCurrent(scene);
  return edits.accepted;
}

function truthOf({ stage, workspace }: Scene): Promise<Shown[]> {
  const sql = `select ${SHOWN_COLUMNS} from records where workspace_id = $1`;
  return runSql(stage.ownerUrl, sql, [workspace.id]).then((rows) =>
    rows.map((row) => ({ ...row, id: Number(row['id']), version: Number(row['version']) }) as Shown),
  );
}

/** Resolves when every client is live and shows what Postgres holds, with whether that came. */
export async function untilCurrent(scene: Scene): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    scene.context.signal.throwIfAborted();
    if (await areCurrent(scene).catch(() => false)) return true;
    await sleep(LOOK_EVERY_MS);
  }
  return false;
}

async function areCurrent(scene: Scene): Promise<boolean> {
  const [{ allLive }, truth] = await Promise.all([scene.clients.call('standing', null), truthOf(scene)]);
  return allLive && (await scene.clients.call('experience', { truth })).differing === 0;
}

/** Snapshots that the clients have taken after their first one, all together. */
export async function snapshotsOf(scene: Scene): Promise<number> {
  return (await scene.clients.call('experience', { truth: await truthOf(scene) })).snapshots;
}

export async function epochOf({ stage }: Scene): Promise<string> {
  const [row] = await runSql(stage.ownerUrl, 'select epoch from feed_state');
  return String(row?.['epoch']);
}

/** Notes of the records, by their ids. */
export async function notesOf({ stage, workspace }: Scene): Promise<string> {
  const rows = await runSql(
    stage.ownerUrl,
    'select id, version, note from records where workspace_id = $1 order by id',
    [workspace.id],
  );
  return JSON.stringify(rows);
}

/** The history of each record goes from version to version, and ends at what the record is. */
const BROKEN_HISTORIES = `
  select record_id from changes where workspace_id = $1 group by record_id
  having count(*) <> max(version) - min(version) + 1
    or max(version) <> coalesce((select version from records where id = record_id), max(version))`;

/** Whether what was put back is whole, by itself and by `meldesync verify`. */
export async function wholeness(scene: Scene, name: string): Promise<Check[]> {
  const { stage, workspace } = scene;
  const broken = await runSql(stage.ownerUrl, BROKEN_HISTORIES, [workspace.id]);
  const differences = await runSql(stage.ownerUrl, 'select * from meldesync_differences(0, 9007199254740991)');
  const triggers = await runSql(stage.ownerUrl, 'select * from meldesync_changed_triggers()');
  return [
    { name: `${name}: \`changes\` is whole: ${broken.length} histories with gaps`, holds: broken.length === 0 },
    {
      name: `${name}: records are what \`changes\` says, and each trigger is there`,
      holds: differences.length === 0 && triggers.length === 0,
    },
    { name: `${name}: meldesync verify says that all hold the same`, holds: await verifies(scene) },
  ];
}

async function verifies({ stage, workspace }: Scene): Promise<boolean> {
  const environment = {
    ...process.env,
    MELDESYNC_SERVER: stage.nodeUrls[0],
    MELDESYNC_TOKEN: stage.people[0]?.token,
    MELDESYNC_WORKSPACE: workspace.id,
  };
  try {
    await run(process.execPath, [fileURLToPath(THIS_RELEASE.file('dist/cli.js')), 'verify'], { env: environment });
    return true;
  } catch (error) {
    console.error(`meldesync verify: ${(error as { stdout?: string }).stdout ?? ''}${(error as Error).message}`);
    return false;
  }
}
