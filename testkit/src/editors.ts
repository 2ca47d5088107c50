import type { SyncClient } from '@meldesync/client';

/** People who edit as fast as they are answered. */
export interface Editors {
  /** Edits that were accepted so far. */
  readonly accepted: number;
  /** Edits that came second and were refused. */
  readonly conflicts: number;
  /** No edit begins any more; resolves when all under way are answered. Rejects if one of them failed. */
  stop(): Promise<void>;
}

/**
 * Lets every client edit records of its own choice, one after the other, on the version that it shows. The choices are
 * the same for the same seed.
 */
export function startEditors(clients: readonly SyncClient[], records: readonly number[], seed: number): Editors {
  const counts = { accepted: 0, conflicts: 0 };
  const ending = new AbortController();
  const edit = async (client: SyncClient, index: number) => {
    const random = randomFrom(seed + index);
    for (let count = 1; !ending.signal.aborted; count++) {
      const id = records[Math.floor(random() * records.length)] ?? 0;
      const known = client.store.get(id);
      if (!known) throw new Error(`client ${index} does not show record ${id}`);
      const [outcome] = await client.edit([
        { record: id, baseVersion: known.version, set: { note: `client ${index}, edit ${count}` } },
      ]);
      if (outcome?.outcome === 'accepted') counts.accepted += 1;
      else if (outcome?.outcome === 'conflict') counts.conflicts += 1;
      else throw new Error(`client ${index}: ${outcome?.code ?? 'no outcome'}`);
    }
  };
  // Settled, so that a failure is no unhandled rejection before whoever stops them hears of it.
  const running = Promise.allSettled(clients.map(edit));
  return {
    get accepted() {
      return counts.accepted;
    },
    get conflicts() {
      return counts.conflicts;
    },
    stop: async () => {
      ending.abort();
      await rethrow(running);
    },
  };
}

async function rethrow(settled: Promise<PromiseSettledResult<void>[]>): Promise<void> {
  for (const result of await settled) if (result.status === 'rejected') throw result.reason;
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
