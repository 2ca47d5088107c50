import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Processes of Postgres that neither answer nor end. Disposed of, they go on where they were. */
export interface StoppedBackends extends AsyncDisposable {
  readonly count: number;
}

/**
 * Stops the processes that serve a program's connections to a database (SIGSTOP), as a machine without memory or disk does: the
 * connections stay, and nothing comes on them. It waits until there are `atLeast` of them. Needs a Postgres on this machine, of a
 * user whose processes this one may stop. Ten seconds, then it throws.
 */
export async function stopBackends(
  ownerUrl: string,
  applicationName: string,
  atLeast: number,
): Promise<StoppedBackends> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  let found = 0;
  try {
    for (let attempt = 1; attempt <= 1_000; attempt++) {
      const { rows } = await client.query<{ pid: number }>(
        'select pid from pg_stat_activity where datname = current_database() and application_name = $1',
        [applicationName],
      );
      found = rows.length;
      if (rows.length >= atLeast) return stop(rows.map(({ pid }) => pid));
      await sleep(10);
    }
  } finally {
    await client.end();
  }
  throw new Error(`there are ${found} and no ${atLeast} connections of ${applicationName}`);
}

function stop(pids: readonly number[]): StoppedBackends {
  const goOn = () => {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  };
  // A run that is broken off must not leave them behind: nobody could end that Postgres.
  process.once('exit', goOn);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  return {
    count: pids.length,
    [Symbol.asyncDispose]: async () => {
      process.off('exit', goOn);
      goOn();
    },
  };
}
