import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ResourceStack } from '@meldesync/lifecycle';
import {
  type BreakablePostgres,
  findBackupPrograms,
  makePostgresFolder,
  runSql,
  startBreakablePostgres,
} from '@meldesync/testkit';
import type { BenchContext } from '../../context.ts';
import { startRemote } from '../../processes/remote.ts';
import { startStage } from '../all-faults/stage.ts';
import type { DrillClientProcess } from '../clients/drill-client-process.ts';
import { type Check, printReport } from '../drill-report.ts';
import { migrateBy } from '../upgrade/migrate-by.ts';
import { THIS_RELEASE } from '../upgrade/release.ts';
import { backupScripts } from './backup-scripts.ts';
import {
  edit,
  epochOf,
  LOOK_EVERY_MS,
  notesOf,
  PATIENCE_MS,
  type Scene,
  snapshotsOf,
  untilCurrent,
  wholeness,
} from './scene.ts';
import { keepTrail } from './trail.ts';

const CLIENT_PROCESS = new URL('../clients/drill-client-process.ts', import.meta.url);
/** Clients, which stay open all the time. */
export const RESTORE_OPTIONS = { clients: 20 };

/** What a restore was like. */
interface Restored {
  readonly checks: readonly Check[];
  /** In milliseconds, and counts. */
  readonly figures: Readonly<Record<string, number | null>>;
}

/**
 * Puts a cluster's database back twice while clients stay open, by the scripts of `deploy/backup`: as of a moment, from base backup and log,
 * and from a dump into another server. After each, every client must take one snapshot, show what is there now and edit it.
 * @returns whether that holds
 */
export async function runRestore(context: BenchContext, { clients: count }: typeof RESTORE_OPTIONS): Promise<boolean> {
  await using stack = new ResourceStack();
  const scripts = backupScripts(await findBackupPrograms());
  const folder = stack.use(makePostgresFolder());
  context.step('Starting Postgres, Redis, two relays, worker and two nodes');
  const trail = stack.use(await keepTrail());
  const stage = stack.use(await startStage(context, { workerSettings: trail.settings }));
  const workspace = await stage.addWorkspace();
  const clients = stack.use(
    startRemote<DrillClientProcess>(context, { name: 'clients', file: CLIENT_PROCESS, isServer: false }),
  );
  const tokens = stage.people.map(({ token }) => token);
  await clients.call('connect', { urls: stage.nodeUrls, tokens, workspace: workspace.id, clients: count });
  const scene: Scene = { context, stage, workspace, clients, count, scripts, trail, folder };
  const { restored, moment } = await toMoment(scene);
  const dumped = await fromDump(scene, restored);
  return printReport({
    drill: 'restore',
    checks: [...moment.checks, ...dumped.checks],
    figures: { clients: count, moment: moment.figures, dump: dumped.figures },
  });
}

/** From a base backup and the log, as of a moment between two rounds of edits. */
async function toMoment(scene: Scene): Promise<{ readonly restored: BreakablePostgres; readonly moment: Restored }> {
  const { context, stage, scripts, folder } = scene;
  const [base, wal] = [join(folder.path, 'base'), join(folder.path, 'wal')];
  const { url } = stage.postgres;
  context.step('Base backup, and the log from then on, with edits before and after', 'trial');
  let backupMs: number;
  let wanted: string;
  let moment: string;
  let checkpoints: string;
  {
    await using receiver = await scripts.receiveWal(url, wal);
    await edit(scene);
    backupMs = await scripts.run('base-backup', [base], { BACKUP_URL: url });
    await edit(scene);
    wanted = await notesOf(scene);
    checkpoints = await scene.trail.copy(stage.ownerUrl, 'moment');
    moment = await momentOf(scene);
    await edit(scene);
    await scene.trail.settle(stage.ownerUrl);
    await receiver.caughtUp();
  }
  context.step(`Postgres is gone; it comes back as of ${moment}`);
  const { restored, ...rest } = await putBack(scene, {
    name: 'base backup and log',
    wanted,
    checkpoints,
    gone: stage.postgres,
    start: async () => {
      // The log is read by the server itself, as its user.
      await folder.give();
      return stage.adopt(
        await startBreakablePostgres({
          restore: async (data) => void (await scripts.run('restore-to-time', [base, wal, data, moment])),
        }),
      );
    },
  });
  return { restored, moment: { ...rest, figures: { backupMs, ...rest.figures } } };
}

async function momentOf({ stage }: Scene): Promise<string> {
  const [row] = await runSql(
    stage.ownerUrl,
    `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as at`,
  );
  return `${String(row?.['at'])}+00`;
}

/** From a dump into an empty database of another server. */
async function fromDump(scene: Scene, gone: BreakablePostgres): Promise<Restored> {
  const { context, stage, scripts, folder } = scene;
  const dump = join(folder.path, 'meldesync.dump');
  context.step('A dump, with edits before and after');
  await edit(scene);
  const wanted = await notesOf(scene);
  const checkpoints = await scene.trail.copy(stage.ownerUrl, 'dump');
  const backupMs = await scripts.run('dump', [dump], { OWNER_URL: stage.ownerUrl });
  await edit(scene);
  await scene.trail.settle(stage.ownerUrl);
  context.step('Postgres is gone; another one gets the dump');
  const { restored: _owned, ...rest } = await putBack(scene, {
    name: 'dump',
    wanted,
    checkpoints,
    gone,
    start: async () => {
      // From its start on: where the rest fails, it ends all the same.
      const fresh = stage.adopt(await startBreakablePostgres());
      const url = new URL(stage.ownerUrl);
      url.port = String(fresh.port);
      await runSql(fresh.url, `create database ${url.pathname.slice(1)}`);
      await scripts.run('restore-dump', [dump], { NEW_URL: url.href });
      await migrateBy(THIS_RELEASE, url.href);
      return fresh;
    },
  });
  return { ...rest, figures: { backupMs, ...rest.figures } };
}

interface PutBackOrder {
  readonly name: string;
  /** What records are then. */
  readonly wanted: string;
  /** Copy of the file of checkpoints as it was then. */
  readonly checkpoints: string;
  readonly gone: BreakablePostgres;
  /** Starts it, adopted by the stage. */
  readonly start: () => Promise<BreakablePostgres>;
}

/** Ends a server as a broken machine does, starts another one in its place, and looks at what the clients go through. */
async function putBack(
  scene: Scene,
  { name, wanted, checkpoints, gone, start }: PutBackOrder,
): Promise<Restored & { readonly restored: BreakablePostgres }> {
  const { stage, count } = scene;
  const [begun, taken] = [await epochOf(scene), await snapshotsOf(scene)];
  const startedMs = performance.now();
  const since = () => Math.round(performance.now() - startedMs);
  await gone.stop('crash');
  const restored = await start();
  const serverMs = since();
  stage.movePostgres(restored.port);
  // With the server that is gone everybody's news ended; they are current when they show the one that is there.
  const isCurrent = await untilCurrentIn(scene, begun);
  const currentMs = isCurrent ? since() : null;
  const isWanted = (await notesOf(scene)) === wanted;
  const accepted = await edit(scene);
  const snapshots = (await snapshotsOf(scene)) - taken;
  console.log(
    `${name}: the server is back after ${serverMs} ms, every client current after ${currentMs ?? 'never'} ms; ${snapshots} snapshots of ${count} clients`,
  );
  const checks = [
    { name: `${name}: records are those of the moment of the backup`, holds: isWanted },
    { name: `${name}: every client is live and shows what is there`, holds: isCurrent },
    {
      name: `${name}: a new epoch, and one snapshot of each client: ${snapshots} of ${count}`,
      holds: snapshots === count,
    },
    { name: `${name}: clients edit: ${accepted} accepted`, holds: accepted > 0 && (await untilCurrent(scene)) },
    ...(await wholeness(scene, name)),
    ...(await scene.trail.checks(stage.ownerUrl, name, checkpoints)),
  ];
  return { restored, checks, figures: { serverMs, currentMs, snapshots, accepted } };
}

async function untilCurrentIn(scene: Scene, before: string): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    if ((await epochOf(scene).catch(() => before)) !== before) return untilCurrent(scene);
    await sleep(LOOK_EVERY_MS);
  }
  return false;
}
