import type { EditItem, EditOutcome } from '@meldesync/protocol';
import type { ClientRecord, EditIntent, SettledEdit } from '../types.ts';

/**
 * Sends the edits of one record one after the other, each on the version the one before made, because that is what the
 * person saw. When the one before was not accepted, the next keeps the version it was shown with, and the server
 * decides (R2.1). A change by someone else that the person had not seen is never stepped over (R2.5).
 */
export interface EditOrder {
  /** Edits that wait for one before them and are not with the server. */
  readonly waiting: number;
  /** Sends at once what nothing stands before. Rejects like `SyncClient.edit`. */
  submit(intents: readonly EditIntent[]): Promise<SettledEdit[]>;
  /** `shown` is what a person sees with the edits of its record up to now. */
  includes(shown: ClientRecord): void;
}

interface EditOrderInput {
  readonly edit: (items: readonly EditItem[]) => Promise<EditOutcome[]>;
  /** Called when `waiting` changed. */
  readonly onWaiting: () => void;
}

/** Edits of this client that followed on each other: nobody else's change lies between the two versions. */
interface Run {
  readonly from: number;
  readonly to: number;
}

/** What an edit makes of its record. */
interface Made {
  /** Never rejects. */
  readonly settled: Promise<Run>;
  /** Null until it is settled. */
  run: Run | null;
}

/** Makes an order without edits. */
export function createEditOrder({ edit, onWaiting }: EditOrderInput): EditOrder {
  /** Per record, what the latest edit that is not settled will have made. */
  const tails = new Map<number, Made>();
  /** What stands behind a record a person saw, also after it is settled: a screen may lag by a frame. */
  const behind = new WeakMap<ClientRecord, Made>();
  let waiting = 0;
  const count = (step: 1 | -1): void => {
    waiting += step;
    onWaiting();
  };

  const send = async (intents: readonly EditIntent[], bases: readonly Run[]): Promise<SettledEdit[]> => {
    const outcomes = await edit(
      intents.map(({ seen, set, resolves }, i) => ({
        record: seen.id,
        baseVersion: bases[i]?.to ?? seen.version,
        set,
        ...(resolves ? { resolves } : {}),
      })),
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

    submit(intents) {
      const before = intents.map(({ seen }) =>
        [tails.get(seen.id), behind.get(seen)].filter((made) => made !== undefined),
      );
      const findBases = (): Run[] =>
        intents.map(({ seen }, i) => baseOf(seen, before[i]?.flatMap(({ run }) => run ?? []) ?? []));
      let bases = findBases();
      const sendAfter = async (waitedFor: readonly Made[]): Promise<SettledEdit[]> => {
        count(1);
        await Promise.all(waitedFor.map(({ settled }) => settled));
        bases = findBases();
        count(-1);
        return send(intents, bases);
      };
      const open = before.flat().filter(({ run }) => run === null);
      const settled = open.length > 0 ? sendAfter(open) : send(intents, bases);
      intents.forEach(({ seen }, i) => {
        const finish = (edit: SettledEdit | undefined): Run => {
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
        behind.set(seen, made);
      });
      return settled;
    },

    includes(shown) {
      const tail = tails.get(shown.id);
      if (tail) behind.set(shown, tail);
    },
  };
}

/** What an edit of who saw this record is based on: the latest that own edits made of it without anyone in between. */
function baseOf({ version }: ClientRecord, made: readonly Run[]): Run {
  let base: Run = { from: version, to: version };
  for (const run of made) if (run.from <= version && run.to > base.to) base = run;
  return base;
}
