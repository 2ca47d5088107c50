import { startPassingPostgres } from '../../../scripts/lib/postgres.mjs';
import { StopStack } from '../../../scripts/lib/stop-stack.mjs';
import { runSql } from '../test-database.ts';

/** A Postgres of one's own: it may be stopped without anyone else noticing. */
export interface TestPostgres extends AsyncDisposable {
  /** A superuser's URL, for `createTestDatabase`. */
  readonly url: string;
  /** Tells it to stop, as `pg_ctl stop` does by itself (fast shutdown). */
  shutDown(): void;
  /** Whether its first process is still there. */
  isRunning(): boolean;
}

export async function startTestPostgres(): Promise<TestPostgres> {
  const stack = new StopStack();
  const url = await startPassingPostgres(stack, { durable: false });
  const [row] = await runSql(url, "select pg_read_file('postmaster.pid') as text");
  const pid = Number(String(row?.['text']).split('\n')[0]);
  return {
    url,
    shutDown() {
      process.kill(pid, 'SIGINT');
    },
    isRunning() {
      try {
        process.kill(pid, 0);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
        throw error;
      }
    },
    [Symbol.asyncDispose]: () => stack.stopAll(),
  };
}
