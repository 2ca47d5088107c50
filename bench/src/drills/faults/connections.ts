import { setTimeout as sleep } from 'node:timers/promises';
import { runSql } from '@meldesync/testkit';
import type { Scene } from '../fault-drill.ts';

const SHORTEST_MS = 1_000;
/** More frames than a stream of 1,000 and a node's memory keep. */
const FLOOD = 3_000;

/**
 * Cuts every line, each for a time of its own between a second and the whole fault, so that all are back at the same
 * moment. Every other line goes silent, as a cable that is pulled out; the others refuse, as a network that says so.
 */
export async function cutLines({ context, lines, seconds }: Scene): Promise<void> {
  const longestMs = seconds * 1_000;
  const step = (longestMs - SHORTEST_MS) / Math.max(1, lines.length - 1);
  await Promise.all(
    lines.map(async (line, index) => {
      const cutForMs = SHORTEST_MS + step * index;
      await sleep(longestMs - cutForMs, undefined, { signal: context.signal });
      if (index % 2 === 0) line.silence();
      else line.refuse();
      await sleep(cutForMs, undefined, { signal: context.signal });
    }),
  );
  for (const line of lines) line.restore();
}

/**
 * The victims' machine sleeps: nothing runs and nothing arrives, while more is committed than the stream and the nodes
 * keep.
 */
export async function sleepPastBuffer({
  context,
  system,
  victims,
  lines,
  seconds,
  spareRecords,
  othersCurrent,
}: Scene): Promise<void> {
  victims?.suspend();
  for (const line of lines) line.silence();
  await runSql(system.ownerUrl, flood(spareRecords));
  // Not before all of it is in the stream: the buffer is what must be left behind.
  await othersCurrent();
  await sleep(seconds * 1_000, undefined, { signal: context.signal });
  for (const line of lines) line.restore();
  victims?.resume();
}

/** A client's process stands still, its connection stays. */
export async function suspendVictims({ context, victims, seconds }: Scene): Promise<void> {
  victims?.suspend();
  await sleep(seconds * 1_000, undefined, { signal: context.signal });
  victims?.resume();
}

/** Changes in a transaction each, so that each is a frame. */
function flood(records: readonly number[]): string {
  const list = `array[${records.join(',')}]`;
  return `do $$ begin for change in 1..${FLOOD} loop
    update records set note = 'change ' || change where id = (${list})[1 + change % ${records.length}];
    commit;
  end loop; end $$`;
}
