import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes } from '../../../scripts/lib/resident-bytes.mjs';
import type { ServerPart } from '../processes/server-part.ts';
import { readMetric } from './metrics.ts';

/** The node collects its garbage on this signal, and then passes some through its young generation. */
const COLLECT_SIGNAL = 'SIGUSR2';
const COLLECTOR = `data:text/javascript,process.on(${JSON.stringify(COLLECT_SIGNAL)},()=>{gc();for(let i=0;i<3e6;i++)new Array(3)})`;
/**
 * V8 gives half or all of its young generation back when it likes, up to 32 MiB, which would be 3 KB a connection if it did
 * so before one of the two measurements only. It is the node's and no connection's: here it has its full size from the
 * start, and the garbage above makes all of it resident both times.
 */
const YOUNG_GENERATION = '--min-semi-space-size=16';
/** Arguments of a node whose memory is measured. */
export const COLLECTING = [YOUNG_GENERATION, '--expose-gc', '--import', COLLECTOR];
const COLLECTIONS = 3;
const COLLECTION_MS = 1_500;

/** Memory of a node, in bytes. */
export interface Memory {
  readonly resident: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** What is left once the garbage is gone. */
export async function settledMemory(node: ServerPart): Promise<Memory> {
  for (let collection = 0; collection < COLLECTIONS; collection++) {
    process.kill(node.pid, COLLECT_SIGNAL);
    await sleep(COLLECTION_MS);
  }
  return {
    resident: residentBytes(node.pid),
    heapUsed: await readMetric(node.adminUrl, 'v8js_memory_heap_used_bytes'),
    external: await readMetric(node.adminUrl, 'meldesync_memory_external_bytes'),
  };
}
