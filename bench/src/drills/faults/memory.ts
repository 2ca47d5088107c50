import { setTimeout as sleep } from 'node:timers/promises';
import { runSql } from '@meldesync/testkit';
import { readMetric } from '../../measure/metrics.ts';
import { activeRelay } from '../../systems/active-relay.ts';
import type { Scene } from '../fault-drill.ts';

/** Frames that are committed while Redis has room for about half of them. */
const FLOOD = 2_000;
/** Apart by so much: how fast many frames are given to many clients is measured elsewhere. */
const FLOOD_EVERY_S = 0.01;
const NOTE_CHARACTERS = 1_500;
const SPARE_BYTES = (FLOOD * NOTE_CHARACTERS) / 2;
/** What Redis may have beyond its limit: a frame that is to be kept in any case, and what connections hold. */
const SLACK = 1.1;

/**
 * The victims' machine sleeps, while more is committed than Redis has room for. Redis stays as full as that: the oldest frames must go, and
 * everybody else hears all of it.
 */
export async function fillRedis(scene: Scene): Promise<void> {
  const { context, system, victims, lines, seconds, spareRecords, othersCurrent, report } = scene;
  const limit = (await memory(scene)) + SPARE_BYTES;
  await system.redis.command('CONFIG', 'SET', 'maxmemory', limit);
  victims?.suspend();
  for (const line of lines) line.silence();
  await runSql(system.ownerUrl, flood(spareRecords));
  await othersCurrent();
  await sleep(seconds * 1_000, undefined, { signal: context.signal });
  const relay = await activeRelay(system.relays, context.signal);
  const dropped = await readMetric(relay.adminUrl, 'meldesync_buffer_dropped_total');
  const used = await memory(scene);
  report({ name: 'the oldest frames went', holds: dropped > 0 });
  report({ name: 'Redis keeps to its limit', holds: used <= limit * SLACK });
  for (const line of lines) line.restore();
  victims?.resume();
}

async function memory({ system }: Scene): Promise<number> {
  const facts = String(await system.redis.command('INFO', 'memory'));
  return Number(/used_memory:(\d+)/.exec(facts)?.[1]);
}

/** Changes in a transaction each, so that each is a frame, at a pace that clients can follow. */
function flood(records: readonly number[]): string {
  const list = `array[${records.join(',')}]`;
  return `do $$ begin for change in 1..${FLOOD} loop
    update records set note = repeat('n', ${NOTE_CHARACTERS}) || change where id = (${list})[1 + change % ${records.length}];
    commit;
    perform pg_sleep(${FLOOD_EVERY_S});
  end loop; end $$`;
}
