import type { EditItem, EditOutcome } from '@meldesync/protocol';
import type { EditIntent, SettledEdit } from '../types/edits.ts';
import type { ClientRecord } from '../types/records.ts';
import type { EditBase } from '../types/sync-persistence.ts';

/**
 * Sends the edits of one record one after the other, each on the version the one before made, because that is what the
 * person saw. When the one before was not accepted, the next keeps the version it was shown with, and the server
 * decides (R2.1). A change by someone else that the person had not seen is never stepped over (R2.5).
 *
 * An edit that was taken over from another page goes before those that were made after it and have not left yet: the person made them
 * in this order, and must not meet themselves in a conflict.
 */
export interface EditOrder {
  /** Edits that wait for one before them and are not with the server. */
  readonly waiting: number;
  /** Sends at once what nothing stands before. Rejects like `SyncClient.edit`. */
  submit(intents: readonly EditIntent[], passage: EditPassage): Promise<SettledEdit[]>;
  /** `shown` is what a person sees with the edits of its record up to now. */
  includes(shown: ClientRecord): void;
}

/** How an edit travels. */
interface EditPassage {
  readonly operation: string;
  /** Its place among the edits of its person: one that is made now comes after all that there are. */
  readonly order: number;
  /** Of an edit that has left before: it is sent again as it was. Null of any other. */
  readonly bases: readonly EditBase[] | null;
  /** Called when it is about to leave, with what each intent is based on from then on. */
  readonly onBound: (bases: readonly EditBase[]) => void;
}

/** What an edit says once it is about to leave; null while it waits for another. It is the same from then on. */
export type BindEdit = () => readonly EditItem[] | null;

interface EditOrderInput {
  /** Takes on an edit as it is now. `bind` is asked for what it says when it is about to leave. */
  readonly edit: (items: readonly EditItem[], operation: string, bind: BindEdit) => Promise<EditOutcome[]>;
  /** Called when `waiting` changed. */
  readonly onWaiting: () => void;
  /** Called when an edit is settled: others may be bound then that could not be before. */
  readonly onSettled: () => void;
}

/** What an edit makes of its record. */
interface Made {
  readonly order: number;
  /** What stood before it when it was made, and what was taken over since; empty once it is settled. */
  before: Made[];
  /** From then on nothing is put before it. */
  isBound: boolean;
  readonly settled: Promise<void>;
  readonly settle: () => void;
  /** Null until it is settled. */
  run: EditBase | null;
}

/** Makes an order without edits. */
export function createEditOrder({ edit, onWaiting, onSettled }: EditOrderInput): EditOrder {
  /** Per record, what the edits that are not settled will have made, each after what it stands on. */
  const unsettled = new Map<number, Made[]>();
  /** Which edit made a record as a person saw it, also after it is settled: a screen may lag by a frame. */
  const makers = new WeakMap<ClientRecord, Made>();
  let waiting = 0;

  /** Gives an edit its place among those of the record. */
  const place = (seen: ClientRecord, { order, bases }: EditPassage): Made => {
    const made = createMade(order, bases !== null);
    const isBefore = (other: Made): boolean => other.isBound || other.order < order;
    const others = unsettled.get(seen.id) ?? [];
    const index = others.findLastIndex(isBefore) + 1;
    const stands = [others[index - 1], makers.get(seen)];
    if (!bases) made.before = stands.flatMap((one) => (one && isBefore(one) ? one : []));
    for (const later of others.slice(index)) later.before.push(made);
    unsettled.set(seen.id, others.toSpliced(index, 0, made));
    return made;
  };

  const finish = (made: Made, seen: ClientRecord, base: EditBase, edited: SettledEdit | undefined): void => {
    made.run = edited?.outcome.outcome === 'accepted' ? { from: base.from, to: edited.outcome.version } : base;
    made.before = [];
    const others = unsettled.get(seen.id)?.filter((other) => other !== made) ?? [];
    if (others.length > 0) unsettled.set(seen.id, others);
    else unsettled.delete(seen.id);
    made.settle();
  };

  return {
    get waiting() {
      return waiting;
    },

    submit(intents, passage) {
      const placed = intents.map((intent) => ({ intent, made: place(intent.seen, passage) }));
      const open = (): Made[] => placed.flatMap(({ made }) => made.before.filter(({ run }) => run === null));
      const findBases = (): readonly EditBase[] =>
        passage.bases ?? placed.map(({ intent, made }) => baseOf(intent.seen, made.before));
      let bases = findBases();
      const bind: BindEdit = () => {
        if (open().length > 0) return null;
        bases = findBases();
        for (const { made } of placed) made.isBound = true;
        passage.onBound(bases);
        return itemsOf(intents, bases);
      };
      const send = async (): Promise<SettledEdit[]> => {
        bases = findBases();
        const outcomes = await edit(itemsOf(intents, bases), passage.operation, bind);
        return intents.flatMap((intent, i) => {
          const outcome = outcomes[i];
          return outcome ? [{ ...intent, outcome }] : [];
        });
      };
      const sendAfter = async (waitedFor: readonly Made[]): Promise<SettledEdit[]> => {
        waiting += 1;
        onWaiting();
        await Promise.all(waitedFor.map(({ settled }) => settled));
        // Said once it is sent: those who add up what waits here and there must not find it in neither place, nor in both.
        waiting -= 1;
        const sent = send();
        onWaiting();
        return sent;
      };
      const waitedFor = open();
      const settled = waitedFor.length > 0 ? sendAfter(waitedFor) : send();
      const finishAll = (edits: readonly SettledEdit[] = []): void => {
        placed.forEach(({ intent: { seen }, made }, i) => {
          finish(made, seen, bases[i] ?? baseOf(seen, []), edits[i]);
        });
        onSettled();
      };
      void settled.then(finishAll, () => finishAll());
      for (const { intent, made } of placed)
        if (isLast(made, unsettled.get(intent.seen.id))) makers.set(intent.seen, made);
      return settled;
    },

    includes(shown) {
      const last = unsettled.get(shown.id)?.at(-1);
      if (last) makers.set(shown, last);
    },
  };
}

function createMade(order: number, isBound: boolean): Made {
  let settle = (): void => undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { order, before: [], isBound, settled, settle, run: null };
}

function isLast(made: Made, all: readonly Made[] | undefined): boolean {
  return all?.at(-1) === made;
}

function itemsOf(intents: readonly EditIntent[], bases: readonly EditBase[]): EditItem[] {
  return intents.map(({ seen, set, resolves }, i) => ({
    record: seen.id,
    baseVersion: bases[i]?.to ?? seen.version,
    set,
    ...(resolves ? { resolves } : {}),
  }));
}

/** What an edit of who saw this record is based on: the latest that own edits made of it without anyone in between. */
function baseOf({ version }: ClientRecord, before: readonly Made[]): EditBase {
  let base: EditBase = { from: version, to: version };
  for (const { run } of before) if (run && run.from <= version && run.to > base.to) base = run;
  return base;
}
