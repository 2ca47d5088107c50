import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ensurePostgresClient } from '../../../scripts/lib/postgres-client.mjs';
import { passingFolder } from '../../../scripts/lib/postgres-data.mjs';
import { ensurePostgresUser } from '../../../scripts/lib/postgres-programs.mjs';

const run = promisify(execFile);

/** The folder of PostgreSQL's programs for backups, of the version that npm brings; fetched where the machine has none. */
export const findBackupPrograms = (): Promise<string> => ensurePostgresClient();

/** A folder that a Postgres of ours can read, whoever it runs as; gone with its disposal. */
export interface PostgresFolder extends AsyncDisposable {
  readonly path: string;
  /** Lets it read what others have written there since. */
  give(): Promise<void>;
}

export function makePostgresFolder(): PostgresFolder {
  const user = ensurePostgresUser();
  const path = passingFolder(user);
  return {
    path,
    give: async () => {
      if (user) await run('chown', ['-R', `${user.uid}:${user.gid}`, path]);
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
