import { spawnSync } from 'node:child_process';
import { appendFileSync, chownSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DISCREET_LOG } from '../../../scripts/lib/postgres.mjs';
import { makeCluster, passingFolder } from '../../../scripts/lib/postgres-data.mjs';
import { ensurePostgresUser, postgresPrograms } from '../../../scripts/lib/postgres-programs.mjs';
import { startKept } from '../../../scripts/lib/service.mjs';
import { eventually } from '../eventually.ts';
import { serverPort } from '../server-port.ts';
import { runSql } from '../test-database.ts';
import { fill, mountDisk, unmountDisk } from './small-disk.ts';

/** A Postgres of one's own whose data outlives it: it may end in any way, and comes back on the same port. */
export interface BreakablePostgres extends AsyncDisposable {
  /** A superuser's URL, for `createTestDatabase`. */
  readonly url: string;
  readonly port: number;
  /**
   * Ends it: `fast` and `immediate` as `pg_ctl stop` has them, `crash` with SIGKILL to each of its processes. Resolves when all
   * are gone.
   */
  stop(how: 'fast' | 'immediate' | 'crash'): Promise<void>;
  /** Starts it again; resolves when it answers. */
  start(): Promise<void>;
  /**
   * SIGSTOP to each of its processes: the connections stay, and nothing comes on them; until `resume`.
   * @returns how many processes these are
   */
  suspend(): number;
  resume(): void;
  /**
   * No byte of its disk is left, also not of what the log takes next; until `freeDisk`. Needs `diskBytes`.
   * @returns how many bytes were left
   */
  fillDisk(): number;
  /** There is room again; resolves when it answers, started again if it had given up. */
  freeDisk(): Promise<void>;
  /**
   * A standby that follows it, and confirms each commit before it is acknowledged; its password is the same. With `syncsSlots` it also
   * keeps the logical slots that are made for failover (PostgreSQL 17 and later).
   */
  startStandby(options?: { readonly syncsSlots?: boolean }): Promise<BreakablePostgres>;
}

const PASSWORD = 'postgres';
const STANDBY = 'standby';
/** What takes all room. */
const FILLER = 'filler';
/** Few connections, so that a drill can use them up. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  wal_level: 'logical',
  max_replication_slots: '10',
  max_wal_senders: '10',
  max_connections: '80',
  track_commit_timestamp: 'on',
  wal_keep_size: '256MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  ...DISCREET_LOG,
};
const GRACE_MS = 5_000;

/**
 * Makes one; with `diskBytes` on a disk of its own of that size, for which this process must be allowed to mount, with `settings` in
 * place of ours. `restore` makes the data folder itself, such as from a backup, which the server must be able to read as its user.
 */
export async function startBreakablePostgres(
  options: {
    readonly diskBytes?: number;
    readonly settings?: Readonly<Record<string, string>>;
    readonly restore?: (folder: string) => Promise<void>;
  } = {},
): Promise<BreakablePostgres> {
  const user = ensurePostgresUser();
  const home = passingFolder(user);
  if (options.diskBytes !== undefined) mountDisk(home, options.diskBytes);
  if (options.restore) {
    await options.restore(join(home, 'data'));
    if (user) spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, join(home, 'data')]);
  } else await makeCluster(postgresPrograms(user), join(home, 'data'), user, PASSWORD, { durable: true });
  return startInFolder(home, options.settings);
}

/** Runs the server of a folder. Long because its methods share what they close over. */
async function startInFolder(
  home: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<BreakablePostgres> {
  const user = ensurePostgresUser();
  const folder = join(home, 'data');
  const port = await serverPort();
  const url = `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
  const order = keeperOrder(home, port, settings);
  let kept = startKept(order);
  const answers = () => eventually(async () => void (await runSql(url, 'select 1')));
  const main = () => Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const signalAll = (signal: NodeJS.Signals): number =>
    [main(), ...childrenOf(main())].filter((pid) => signalIfThere(pid, signal)).length;
  // A run that is broken off must not leave them behind stopped: nobody could end that Postgres.
  const goOn = (): void => {
    if (suspended) signalAll('SIGCONT');
  };
  let suspended = false;
  process.on('exit', goOn);
  await answers();
  return {
    url,
    port,
    stop: async (how) => {
      const pids = [main(), ...childrenOf(main())];
      if (how === 'crash') for (const pid of pids) signalIfThere(pid, 'SIGKILL');
      else signalIfThere(main(), how === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await kept.ended;
      // The next one refuses to start while one of them still has the memory that they shared.
      while (pids.some((pid) => signalIfThere(pid, 0))) await sleep(10);
    },
    start: async () => {
      kept = startKept(order);
      await answers();
    },
    suspend: () => {
      suspended = true;
      return signalAll('SIGSTOP');
    },
    resume: () => {
      suspended = false;
      signalAll('SIGCONT');
    },
    fillDisk: () => fill(join(home, FILLER)),
    freeDisk: async () => {
      rmSync(join(home, FILLER), { force: true });
      const hasGivenUp = await Promise.race([answers().then(() => false), kept.ended.then(() => true)]);
      if (hasGivenUp) kept = startKept(order);
      await answers();
    },
    startStandby: async ({ syncsSlots = false } = {}) => {
      const standbyHome = passingFolder(user);
      if (syncsSlots) await runSql(url, `select pg_create_physical_replication_slot('${STANDBY}', true)`);
      await copyCluster({ url, port, from: folder, to: join(standbyHome, 'data'), syncsSlots });
      // What the logical slots have told is on the standby by then.
      if (syncsSlots) await runSql(url, `alter system set synchronized_standby_slots = '${STANDBY}'`);
      const standby = await startInFolder(standbyHome);
      await runSql(url, `alter system set synchronous_standby_names = '${STANDBY}'`);
      await runSql(url, 'select pg_reload_conf()');
      await eventually(async () => {
        const rows = await runSql(url, `select 1 from pg_stat_replication where sync_state = 'sync'`);
        if (rows.length === 0) throw new Error('the standby does not follow');
      });
      return standby;
    },
    [Symbol.asyncDispose]: async () => {
      goOn();
      process.off('exit', goOn);
      kept.stop();
      await kept.ended;
      unmountDisk(home);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** What the keeper runs. */
function keeperOrder(home: string, port: number, own: Readonly<Record<string, string>>) {
  const user = ensurePostgresUser();
  const settings = Object.entries({ ...SETTINGS, ...own }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    command: postgresPrograms(user).postgres,
    args: ['-D', join(home, 'data'), '-p', String(port), ...settings],
    cwd: '/',
    ...(user ? { user } : {}),
    logFile: join(home, 'postgres.log'),
    stopSignal: 'SIGINT' as const,
    killSignal: 'SIGQUIT' as const,
    graceMs: GRACE_MS,
    removeFolders: [],
  };
}

/** Copies the data of a running server, as a base backup does, into what becomes its standby. */
async function copyCluster(order: {
  url: string;
  port: number;
  from: string;
  to: string;
  syncsSlots: boolean;
}): Promise<void> {
  const { url, port, from, to, syncsSlots } = order;
  const backup = new pg.Client({ connectionString: url });
  await backup.connect();
  try {
    await backup.query(`select pg_backup_start('standby', true)`);
    // Files may come and go meanwhile, which is no failure: the log brings what is missing.
    spawnSync('cp', ['-a', from, to]);
    const { rows } = await backup.query<{ label: string }>('select labelfile as label from pg_backup_stop(false)');
    for (const name of ['postmaster.pid', 'postmaster.opts']) rmSync(join(to, name), { force: true });
    // Slots are of one server: a base backup brings none.
    const slots = join(to, 'pg_replslot');
    for (const name of readdirSync(slots)) rmSync(join(slots, name), { recursive: true });
    const { uid, gid } = statSync(join(to, 'PG_VERSION'));
    const write = (name: string, text: string): void => {
      appendFileSync(join(to, name), text);
      chownSync(join(to, name), uid, gid);
    };
    write('backup_label', rows[0]?.label ?? '');
    write('standby.signal', '');
    const primary = `host=127.0.0.1 port=${port} user=postgres password=${PASSWORD} application_name=${STANDBY}`;
    write(
      'postgresql.auto.conf',
      syncsSlots
        ? `primary_conninfo = '${primary} dbname=postgres'\nprimary_slot_name = '${STANDBY}'
           hot_standby_feedback = on\nsync_replication_slots = on\n`
        : `primary_conninfo = '${primary}'\n`,
    );
  } finally {
    await backup.end();
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    // The name of the program, in brackets, may hold anything.
    const [, fields = ''] = /\) . (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return Number(fields);
  } catch {
    return undefined;
  }
}

/** Sends a signal to a process; false when it is gone. */
function signalIfThere(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
