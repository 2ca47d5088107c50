import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually, runSql } from '@meldesync/testkit';
import { PATIENCE_MS } from '../../poll.ts';

const run = promisify(execFile);

type ScriptName = 'base-backup' | 'receive-wal' | 'restore-to-time' | 'dump' | 'restore-dump';

/** The scripts of `deploy/backup`, as an administrator runs them. */
export interface BackupScripts {
  /** Runs one to its end, and says how long that took, in milliseconds. Rejects with what it said where it fails. */
  run(name: ScriptName, args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<number>;
  /** Keeps the log of a server in a folder, from when this resolves until it is disposed of. */
  receiveWal(url: string, folder: string): Promise<WalReceiver>;
}

interface WalReceiver extends AsyncDisposable {
  /** Resolves when the folder has all that the server has written. */
  caughtUp(): Promise<void>;
}

/** @param programs folder of PostgreSQL's programs for backups */
export function backupScripts(programs: string): BackupScripts {
  const file = (name: ScriptName) => fileURLToPath(new URL(`../../../../deploy/backup/${name}.sh`, import.meta.url));
  const own = { ...process.env, PATH: `${programs}:${process.env['PATH'] ?? ''}` };
  return {
    run: async (name, args, environment = {}) => {
      const startedMs = performance.now();
      try {
        await run(file(name), [...args], { env: { ...own, ...environment } });
      } catch (error) {
        const { stderr = '', message } = error as Error & { stderr?: string };
        throw new Error(`${name}.sh failed: ${stderr.trim() || message}`, { cause: error });
      }
      return Math.round(performance.now() - startedMs);
    },
    receiveWal: async (url, folder) => {
      const child = spawn(file('receive-wal'), [folder], {
        env: { ...own, BACKUP_URL: url },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const ended = once(child, 'exit');
      const caughtUp = () =>
        eventually(async () => {
          if (child.exitCode !== null) throw new Error('receive-wal.sh has ended');
          const rows = await runSql(
            url,
            `select 1 from pg_stat_replication where application_name = 'pg_receivewal' and flush_lsn >= pg_current_wal_flush_lsn()`,
          );
          if (rows.length === 0) throw new Error('the log is not received yet');
        }, PATIENCE_MS);
      await caughtUp();
      return {
        caughtUp,
        [Symbol.asyncDispose]: async () => {
          child.kill('SIGINT');
          await ended;
        },
      };
    },
  };
}
