import { eventually, type OpenTransaction, openTransaction, runSql } from '@meldesync/testkit';
import { postgresRun } from '../evidence.ts';
import type { Breakage, Fault, FaultScene } from '../fault.ts';
import { repeat } from '../repetition.ts';

type Start = Fault['start'];

const AGAIN_MS = 1_000;
const PATIENCE_MS = 30_000;

/** Everybody but who asks, and what belongs to the server itself. */
const OTHERS = `select pg_terminate_backend(pid) as ended from pg_stat_activity
  where pid <> pg_backend_pid() and datname = current_database()`;
/** The program's connections; those taken are of a superuser. */
const OF_THE_PROGRAM = `${OTHERS} and usename in ('meldesync_app', 'meldesync_auth', 'meldesync_worker', 'meldesync_relay')`;

export const crash: Start = async (scene) => stopped(scene, 'crash');

export const restartFast: Start = async (scene) => stopped(scene, 'fast');

export const restartImmediately: Start = async (scene) => stopped(scene, 'immediate');

async function stopped({ stage: { postgres, ownerUrl } }: FaultScene, how: 'crash' | 'fast' | 'immediate') {
  const before = await postgresRun(ownerUrl);
  await postgres.stop(how);
  const mend = async (): Promise<number> => {
    await postgres.start();
    return (await postgresRun(ownerUrl)) === before ? 0 : 1;
  };
  return { mend };
}

export const pause: Start = async ({ stage: { postgres } }) => {
  const count = postgres.suspend();
  return {
    mend: () => {
      postgres.resume();
      return count;
    },
  };
};

export const endConnections: Start = async ({ stage: { ownerUrl } }) => {
  let ended = 0;
  const act = async (): Promise<void> => {
    ended += (await runSql(ownerUrl, OTHERS)).filter((row) => row['ended'] === true).length;
  };
  const running = repeat({ everyMs: AGAIN_MS, act });
  return {
    mend: async () => {
      await running.end();
      return ended;
    },
  };
};

/** Somebody takes every connection, also those that the program has; three are kept for superusers. */
export const exhaustConnections: Start = async ({ stage: { ownerUrl } }) => {
  const taken: OpenTransaction[] = [];
  const [row] = await runSql(
    ownerUrl,
    `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
       - current_setting('reserved_connections')::int as free`,
  );
  const limit = Number(row?.['free']);
  const act = async (): Promise<void> => {
    await runSql(ownerUrl, OF_THE_PROGRAM);
    const [used] = await runSql(
      ownerUrl,
      `select count(*)::int as used from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    for (let free = limit - Number(used?.['used']); free > 0; free--) taken.push(await openTransaction(ownerUrl));
  };
  // Who takes them may find none left, either.
  const running = repeat({ everyMs: AGAIN_MS / 4, act });
  return {
    mend: async () => {
      await running.end();
      for (const one of taken) await one[Symbol.asyncDispose]();
      return taken.length;
    },
  };
};

/** Nothing can be written any more, and the log asks for more room each second. */
export const fillDisk: Start = async ({ stage: { postgres, ownerUrl } }) => {
  const before = await postgresRun(ownerUrl);
  const filled = postgres.fillDisk();
  const running = repeat({ everyMs: AGAIN_MS, act: () => runSql(ownerUrl, 'select pg_switch_wal()') });
  return {
    mend: async () => {
      const { refused } = await running.end();
      await postgres.freeDisk();
      // Postgres says that it had no room in one of these two ways: to who asks for some, or by its end.
      const ends = (await postgresRun(ownerUrl)) === before ? 0 : 1;
      return filled > 0 ? refused + ends : 0;
    },
  };
};

export const dropSlot: Start = async (scene) => {
  await dropTheSlot(scene);
  return { mend: () => 1 };
};

/** A new slot waits for every transaction that has written. */
export const dropSlotIdle: Start = async (scene) => {
  const { stage, workspace } = scene;
  const open = await openTransaction(stage.ownerUrl);
  await open.query('update workspaces set name = name where id = $1', [workspace.id]);
  await dropTheSlot(scene);
  return {
    mend: async () => {
      const [row] = await open.query('select count(pg_current_xact_id_if_assigned())::int as writers');
      await open[Symbol.asyncDispose]();
      return Number(row?.['writers']);
    },
  };
};

/** Resolves once it was dropped, and not by somebody else. */
async function dropTheSlot({ stage: { ownerUrl, slot } }: FaultScene): Promise<void> {
  await eventually(async () => {
    await runSql(ownerUrl, 'select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1', [
      slot,
    ]);
    await runSql(ownerUrl, 'select pg_drop_replication_slot($1)', [slot]);
  }, PATIENCE_MS);
}

/** Somebody restores or repairs as a replica does: no trigger fires, so neither version nor audit trail hear of it. */
export const bypassTriggers: Start = async ({ stage: { ownerUrl }, workspace }) => {
  const written = await inTransaction(ownerUrl, async (open) => {
    await open.query('set local session_replication_role = replica');
    return open.query(`update records set note = 'past the triggers' where id = any($1) returning id`, [
      workspace.records.slice(0, 2),
    ]);
  });
  return { mend: () => written.length };
};

/** Who may write may not sign as somebody else, nor break those who read it. */
export const forgeSettings: Start = async ({ stage: { ownerUrl, people }, workspace }): Promise<Breakage> => {
  const forged = [`user:${people[0]?.id ?? ''}`, 'user:nobody', 'nonsense', `db:${'x'.repeat(300)}`, 'user:\u0001"}'];
  let written = 0;
  const act = async (count: number): Promise<void> => {
    const settings = {
      actor: forged[count % forged.length] ?? '',
      via: count % 2 === 0 ? 'web' : 'nonsense',
      operation: count % 3 === 0 ? 'not an operation "' : `forged-operation-${count}`,
      import: count % 2 === 0 ? 'no uuid' : '00000000-0000-4000-8000-000000000000',
      traceparent: 'nonsense \u0002',
    };
    const rows = await inTransaction(ownerUrl, async (open) => {
      for (const [name, value] of Object.entries(settings))
        await open.query('select set_config($1, $2, true)', [`meldesync.${name}`, value]);
      return open.query('update records set note = $1 where id = $2 returning id', [
        `forged ${count}`,
        workspace.records[count % workspace.records.length],
      ]);
    });
    written += rows.length;
  };
  // A statement that is refused does no harm either.
  const running = repeat({ everyMs: AGAIN_MS / 4, act });
  return {
    mend: async () => {
      await running.end();
      return written;
    },
  };
};

/** What was written is there once this has resolved. */
async function inTransaction<T>(ownerUrl: string, work: (open: OpenTransaction) => Promise<T>): Promise<T> {
  await using open = await openTransaction(ownerUrl);
  const result = await work(open);
  await open.commit();
  return result;
}
