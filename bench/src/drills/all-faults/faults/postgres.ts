import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, type OpenTransaction, openTransaction, runSql } from '@meldesync/testkit';
import type { Fault, FaultScene } from '../fault.ts';

type Start = Fault['start'];

const AGAIN_MS = 1_000;
const PATIENCE_MS = 30_000;

/** Everybody but who asks, and what belongs to the server itself. */
const OTHERS = `select pg_terminate_backend(pid) from pg_stat_activity
  where pid <> pg_backend_pid() and datname = current_database()`;

export const crash: Start = async ({ stage: { postgres } }) => {
  await postgres.stop('crash');
  return () => postgres.start();
};

export const restartFast: Start = async ({ stage: { postgres } }) => {
  await postgres.stop('fast');
  return () => postgres.start();
};

export const restartImmediately: Start = async ({ stage: { postgres } }) => {
  await postgres.stop('immediate');
  return () => postgres.start();
};

export const pause: Start = async ({ stage: { postgres } }) => {
  postgres.suspend();
  return () => postgres.resume();
};

export const endConnections: Start = async ({ stage: { ownerUrl } }) => {
  const ending = new AbortController();
  const running = (async () => {
    while (!ending.signal.aborted) {
      await runSql(ownerUrl, OTHERS);
      await sleep(AGAIN_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    ending.abort();
    await running;
  };
};

/** Somebody takes every connection, also those that the program has; three are kept for superusers. */
export const exhaustConnections: Start = async ({ stage: { ownerUrl } }) => {
  const taken: OpenTransaction[] = [];
  const ending = new AbortController();
  const [row] = await runSql(
    ownerUrl,
    `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
       - current_setting('reserved_connections')::int as free`,
  );
  const limit = Number(row?.['free']);
  const takeAll = async (): Promise<void> => {
    await runSql(ownerUrl, OF_THE_PROGRAM);
    const [used] = await runSql(
      ownerUrl,
      `select count(*)::int as used from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    for (let free = limit - Number(used?.['used']); free > 0; free--) taken.push(await openTransaction(ownerUrl));
  };
  const running = (async () => {
    while (!ending.signal.aborted) {
      // None may be left for who takes them, either.
      await takeAll().catch(() => undefined);
      await sleep(AGAIN_MS / 4, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    ending.abort();
    await running;
    for (const one of taken) await one[Symbol.asyncDispose]();
  };
};

/** The program's connections; those taken are of a superuser. */
const OF_THE_PROGRAM = `${OTHERS} and usename in ('meldesync_app', 'meldesync_worker', 'meldesync_relay')`;

/** Nothing can be written any more, and the log asks for more room each second. */
export const fillDisk: Start = async ({ stage: { postgres, ownerUrl } }) => {
  const ending = new AbortController();
  postgres.fillDisk();
  const running = (async () => {
    while (!ending.signal.aborted) {
      await runSql(ownerUrl, 'select pg_switch_wal()').catch(() => undefined);
      await sleep(AGAIN_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    ending.abort();
    await running;
    await postgres.freeDisk();
  };
};

export const dropSlot: Start = async (scene) => {
  await dropTheSlot(scene);
  return () => undefined;
};

/** A new slot waits for every transaction that has written. */
export const dropSlotIdle: Start = async (scene) => {
  const { stage, workspace } = scene;
  const open = await openTransaction(stage.ownerUrl);
  await open.query('update workspaces set name = name where id = $1', [workspace.id]);
  await dropTheSlot(scene);
  return async () => open[Symbol.asyncDispose]();
};

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
  const [first, second] = workspace.records;
  await runSql(
    ownerUrl,
    `begin; set local session_replication_role = replica;
     update records set note = 'past the triggers' where id in (${Number(first)}, ${Number(second)}); commit`,
  );
  return () => undefined;
};

/** Who may write may not sign as somebody else, nor break those who read it. */
export const forgeSettings: Start = async ({ stage: { ownerUrl, people }, workspace }) => {
  const forged = [`user:${people[0]?.id ?? ''}`, 'user:nobody', 'nonsense', `db:${'x'.repeat(300)}`, 'user:\u0001"}'];
  const ending = new AbortController();
  const running = (async () => {
    for (let count = 0; !ending.signal.aborted; count++) {
      const record = workspace.records[count % workspace.records.length] ?? 0;
      const settings = {
        actor: forged[count % forged.length] ?? '',
        via: count % 2 === 0 ? 'web' : 'nonsense',
        operation: count % 3 === 0 ? 'not an operation "' : `forged-operation-${count}`,
        import: count % 2 === 0 ? 'no uuid' : '00000000-0000-4000-8000-000000000000',
        traceparent: 'nonsense \u0002',
      };
      const sets = Object.entries(settings).map(([name, value]) => `set local meldesync.${name} = ${literal(value)};`);
      // A statement that is refused does no harm either.
      await runSql(
        ownerUrl,
        `begin; ${sets.join(' ')} update records set note = 'forged ${count}' where id = ${record}; commit`,
      ).catch(() => undefined);
      await sleep(AGAIN_MS / 4, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    ending.abort();
    await running;
  };
};

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
