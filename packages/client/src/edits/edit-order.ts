import type { EditItem, EditOutcome } from '@meldesync/protocol';
import type { EditIntent, SettledEdit } from '../types/edits.ts';
import type { ClientRecord } from '../types/records.ts';
import type { EditBase } from '../types/sync-persistence.ts';

/**
 * Sends the edits of one record one after the other, each on the version the one before made, because that is what the
 * person saw. When the one before was not accepted, the next keeps the version it was shown with, and the server
 * decides (R2.1). A change by someone else that the person had not seen is never stepped over (R2.5).
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
  /** Of an edit that was sent before: it is sent again as it was. Null of a new one. */
  readonly bases: readonly EditBase[] | null;
  /** Called when it is sent, with what each intent is based on. */
  readonly onSend: (bases: readonly EditBase[]) => void;
}

interface EditOrderInput {
  readonly edit: (items: readonly EditItem[], operation: string) => Promise<EditOutcome[]>;
  /** Called when `waiting` changed. */
  readonly onWaiting: () => void;
}

/** What an edit makes of its record. */
interface Made {
  /** Never rejects. */
  readonly settled: Promise<EditBase>;
  /** Null until it is settled. */
  run: EditBase | null;
}

/** Makes an order without edits. */
export function createEditOrder({ edit, onWaiting }: EditOrderInput): EditOrder {
  /** Per record, what the latest edit that is not settled will have made. */
  const tails = new Map<number, Made>();
  /** Which edit made a record as a person saw it, also after it is settled: a screen may lag by a frame. */
  const makers = new WeakMap<ClientRecord, Made>();
  let waiting = 0;
  const send = async (
    intents: readonly EditIntent[],
    bases: readonly EditBase[],
    { operation, onSend }: EditPassage,
  ): Promise<SettledEdit[]> => {
    onSend(bases);
    const outcomes = await edit(
      intents.map(({ seen, set, resolves }, i) => ({
        record: seen.id,
        baseVersion: bases[i]?.to ?? seen.version,
        set,
        ...(resolves ? { resolves } : {}),
      })),
      operation,
    );
    return intents.flatMap((intent, i) => {
      const outcome = outcomes[i];
      return outcome ? [{ ...intent, outcome }] : [];
    });
  };

  return {
    get waiting() {
      return waiting;
    },

    submit(intents, passage) {
      const before = intents.map(({ seen }) =>
        passage.bases ? [] : [tails.get(seen.id), makers.get(seen)].filter((made) => made !== undefined),
      );
      const findBases = (): readonly EditBase[] =>
        passage.bases ?? intents.map(({ seen }, i) => baseOf(seen, before[i]?.flatMap(({ run }) => run ?? []) ?? []));
      let bases = findBases();
      const sendAfter = async (waitedFor: readonly Made[]): Promise<SettledEdit[]> => {
        waiting += 1;
        onWaiting();
        await Promise.all(waitedFor.map(({ settled }) => settled));
        bases = findBases();
        // Said once it is sent: those who add up what waits here and there must not find it in neither place, nor in both.
        waiting -= 1;
        const sent = send(intents, bases, passage);
        onWaiting();
        return sent;
      };
      const open = before.flat().filter(({ run }) => run === null);
      const settled = open.length > 0 ? sendAfter(open) : send(intents, bases, passage);
      intents.forEach(({ seen }, i) => {
        const finish = (edit: SettledEdit | undefined): EditBase => {
          const base = bases[i] ?? baseOf(seen, []);
          made.run = edit?.outcome.outcome === 'accepted' ? { from: base.from, to: edit.outcome.version } : base;
          if (tails.get(seen.id) === made) tails.delete(seen.id);
          return made.run;
        };
        const made: Made = {
          settled: settled.then(
            (edits) => finish(edits[i]),
            () => finish(undefined),
          ),
          run: null,
        };
        tails.set(seen.id, made);
        makers.set(seen, made);
      });
      return settled;
    },

    includes(shown) {
      const tail = tails.get(shown.id);
      if (tail) makers.set(shown, tail);
    },
  };
}

/** What an edit of who saw this record is based on: the latest that own edits made of it without anyone in between. */
function baseOf({ version }: ClientRecord, made: readonly EditBase[]): EditBase {
  let base: EditBase = { from: version, to: version };
  for (const run of made) if (run.from <= version && run.to > base.to) base = run;
  return base;
}
