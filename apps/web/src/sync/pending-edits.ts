import type { ClientRecord, SyncClient, Unsubscribe } from '@meldesync/client';
import type { EditOutcome, RecordPatch } from '@meldesync/protocol';

/** What a person wants of one record, and the record as they saw it when they decided. */
export interface EditIntent {
  readonly seen: ClientRecord;
  readonly set: RecordPatch;
}

/** An intent and what became of it. */
export interface SettledEdit extends EditIntent {
  readonly outcome: EditOutcome;
}

/** Edits on their way: shown at once, taken back or confirmed by the server's answer. */
export interface PendingEdits {
  /** The fields of a record that wait for an answer; the same object until that changes. */
  of(record: number): RecordPatch | undefined;
  /** How many edits wait. */
  readonly count: number;
  subscribe(listener: () => void): Unsubscribe;
  /** Sends the intents as one edit. Rejects like `SyncClient.edit`. */
  submit(intents: readonly EditIntent[]): Promise<SettledEdit[]>;
}

interface Ticket {
  readonly intents: readonly EditIntent[];
}

/**
 * Makes the queue. Edits of one record go one after the other: the next is based on the version the one before made,
 * because that is what the person saw. When the one before was not accepted the next keeps the version it was shown
 * with, and the server decides (R2.1).
 */
export function createPendingEdits(client: Pick<SyncClient, 'edit'>): PendingEdits {
  const listeners = new Set<() => void>();
  const tickets = new Set<Ticket>();
  /** Per record, the latest edit: resolves with the version it made, null when it made none. */
  const tails = new Map<number, Promise<number | null>>();
  let patches = new Map<number, RecordPatch>();

  const changed = (): void => {
    patches = mergePatches(tickets, patches);
    for (const listener of listeners) listener();
  };

  const send = async (intents: readonly EditIntent[], before: readonly Promise<number | null>[]) => {
    const versions = await Promise.all(before);
    const items = intents.map(({ seen, set }, index) => ({
      record: seen.id,
      baseVersion: versions[index] ?? seen.version,
      set,
    }));
    const outcomes = await client.edit(items);
    return pairUp(intents, outcomes);
  };

  return {
    of: (record) => patches.get(record),
    get count() {
      return tickets.size;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async submit(intents) {
      const ticket: Ticket = { intents };
      tickets.add(ticket);
      const answer = send(
        intents,
        intents.map(({ seen }) => tails.get(seen.id) ?? NOTHING_BEFORE),
      );
      for (const { seen } of intents) {
        const tail = answer.then(
          (settled) => versionMade(settled, seen.id),
          () => null,
        );
        tails.set(seen.id, tail);
        void tail.then(() => tails.get(seen.id) === tail && tails.delete(seen.id));
      }
      changed();
      try {
        return await answer;
      } finally {
        tickets.delete(ticket);
        changed();
      }
    },
  };
}

/** For a record without an edit on its way. */
const NOTHING_BEFORE: Promise<number | null> = Promise.resolve(null);

function pairUp(intents: readonly EditIntent[], outcomes: readonly EditOutcome[]): SettledEdit[] {
  return intents.flatMap((intent, index) => {
    const outcome = outcomes[index];
    return outcome ? [{ ...intent, outcome }] : [];
  });
}

function versionMade(settled: readonly SettledEdit[], record: number): number | null {
  const own = settled.find(({ seen }) => seen.id === record);
  return own?.outcome.outcome === 'accepted' ? own.outcome.version : null;
}

/** The fields waiting per record, later edits over earlier ones; keeps the object of a record nothing changed for. */
function mergePatches(tickets: Iterable<Ticket>, before: ReadonlyMap<number, RecordPatch>): Map<number, RecordPatch> {
  const merged = new Map<number, RecordPatch>();
  for (const { intents } of tickets) {
    for (const { seen, set } of intents) merged.set(seen.id, { ...merged.get(seen.id), ...set });
  }
  for (const [record, patch] of merged) {
    const known = before.get(record);
    if (known && JSON.stringify(known) === JSON.stringify(patch)) merged.set(record, known);
  }
  return merged;
}
