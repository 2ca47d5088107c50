import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makePassingData } from '../../../scripts/lib/postgres.mjs';
import { StopStack } from '../../../scripts/lib/stop-stack.mjs';
import { runSql } from '../test-database.ts';

const run = promisify(execFile);

/** A Postgres whose disk is copied and put back, as a backup of a whole machine is. Its address stays the same. */
export interface PostgresOnDisk extends AsyncDisposable {
  /** A superuser's URL, for `createTestDatabase`. */
  readonly url: string;
  /** Stops it, keeps a copy of its disk in place of the one before, and starts it again. */
  copyDisk(): Promise<void>;
  /** Stops it, puts the copy back and starts it. `promoted`: as a standby that held what the copy holds, and takes over. */
  putCopyBack(how?: { readonly promoted: boolean }): Promise<void>;
}

export async function startPostgresOnDisk(): Promise<PostgresOnDisk> {
  const data = await makePassingData({ durable: false });
  const copy = join(data.home, 'copy');
  let stack = new StopStack();
  const start = () => data.start(stack, []);
  const stop = async () => {
    await stack.stopAll();
    stack = new StopStack();
  };
  await start();
  return {
    url: data.url,
    async copyDisk() {
      await stop();
      await rm(copy, { recursive: true, force: true });
      await run('cp', ['-a', data.folder, copy]);
      await start();
    },
    async putCopyBack({ promoted } = { promoted: false }) {
      await stop();
      await rm(data.folder, { recursive: true });
      await run('cp', ['-a', copy, data.folder]);
      if (promoted) await run('cp', ['-a', join(data.folder, 'PG_VERSION'), join(data.folder, 'standby.signal')]);
      await start();
      if (promoted) await runSql(data.url, 'select pg_promote()');
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(data.home, { recursive: true, force: true });
    },
  };
}
