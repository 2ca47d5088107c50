import { isAsPatched } from '@meldesync/domain';
import type { Change, EditItem, EditOutcome, RecordPatch } from '@meldesync/protocol';
import { SyncError } from '../errors/sync-error.ts';
import { createEmitter, type ReportError } from '../events/emitter.ts';
import type { EditJournal } from '../persistence/edit-journal.ts';
import { toIntent, toKeptIntent } from '../persistence/kept-edit.ts';
import type { EditIntent, OptimisticRecords, SettledEdit } from '../types/edits.ts';
import type { AppliedChange, ClientRecord, RecordStore } from '../types/records.ts';
import type { EditBase, KeptEdit } from '../types/sync-persistence.ts';
import { type BindEdit, createEditOrder } from './edit-order.ts';
import { asStored, changedFields, mergePatches } from './patches.ts';
import { PENDING_LIMIT } from './pending-edits.ts';

/** The optimistic records as the client sees them. */
export interface OptimisticLayer extends OptimisticRecords {
  /** Edits that wait for one before them: the connection does not know of them yet. */
  readonly waiting: number;
  /** Takes an edit on again that was kept beyond the life of a page. It stays in the journal. */
  resume(edit: KeptEdit): { readonly intents: readonly EditIntent[]; readonly settled: Promise<SettledEdit[]> };
}

interface OptimisticInput {
  readonly store: RecordStore;
  readonly edit: (items: readonly EditItem[], operation: string, bind: BindEdit) => Promise<EditOutcome[]>;
  readonly randomId: () => string;
  /** Where edits that wait are written down; null when they are not. */
  readonly journal: () => Pick<EditJournal, 'keep' | 'strike' | 'orderOf'> | null;
  /** What the changes that own edits make on the screen say of themselves. */
  readonly stamp: () => Pick<Change, 'by' | 'via' | 'at'>;
  /** Hears of listeners that throw. */
  readonly report: ReportError;
  /** Called when `waiting` changed. */
  readonly onWaiting: () => void;
  /** See `EditOrder`. */
  readonly onSettled: () => void;
}

/** What lies over one record. */
interface Layer {
  /** One for each edit that is not settled, in the order they were made. */
  readonly patches: { readonly order: number; readonly set: RecordPatch }[];
  merged: RecordPatch;
  /** What `shown` was made of. */
  confirmed: ClientRecord | undefined;
  /** Undefined while the store does not hold the record. */
  shown: ClientRecord | undefined;
}

/**
 * Lays pending edits over a store. Only the records that are being edited cost anything. Long because its methods share what they close over; none of them is.
 */
export function createOptimisticRecords(input: OptimisticInput): OptimisticLayer {
  const { store, stamp, report } = input;
  const layers = new Map<number, Layer>();
  const emitter = createEmitter<readonly AppliedChange[]>(report);
  const edits = createEditOrder(input);
  let pendingCount = 0;
  /** Counts edits where nothing writes them down, which else gives them their order. */
  let lastOrder = 0;

  const shownOf = (record: number): ClientRecord | undefined => {
    const layer = layers.get(record);
    return layer ? layer.shown : store.get(record);
  };

  const show = (layer: Layer, confirmed: ClientRecord | undefined, merged: RecordPatch): void => {
    if (confirmed !== layer.confirmed || merged !== layer.merged) {
      layer.confirmed = confirmed;
      layer.merged = merged;
      layer.shown = confirmed && lay(confirmed, merged);
    }
    if (layer.shown) edits.includes(layer.shown);
  };

  const put = ({ seen: { id }, set }: EditIntent, order: number): void => {
    const layer = layers.get(id) ?? { patches: [], merged: {}, confirmed: undefined, shown: undefined };
    layers.set(id, layer);
    const place = layer.patches.findLastIndex((patch) => patch.order <= order) + 1;
    layer.patches.splice(place, 0, { order, set });
    show(layer, store.get(id), merge(layer));
  };

  const takeAway = ({ seen: { id }, set }: EditIntent): void => {
    const layer = layers.get(id);
    if (!layer) return;
    const place = layer.patches.findIndex((patch) => patch.set === set);
    layer.patches.splice(place, 1);
    if (layer.patches.length === 0) layers.delete(id);
    else show(layer, store.get(id), merge(layer));
  };

  /** Carries out what changes the layers of some records, and says what it changed on the screen. */
  const changeLayers = (intents: readonly EditIntent[], change: (intent: EditIntent) => void): void => {
    const by = stamp();
    const changes = intents.map((intent): AppliedChange => {
      const { id, version } = intent.seen;
      const before = shownOf(id);
      change(intent);
      const after = shownOf(id);
      const shown = after ?? before;
      const set = changedFields(before, after);
      return {
        change: { record: id, version: shown?.version ?? version, op: 'update', set, ...by },
        before,
        after,
        own: true,
      };
    });
    if (changes.length > 0) emitter.emit(changes);
  };

  /** A confirmed change as it is seen through the layer of its record. */
  const seenThrough = (applied: AppliedChange): AppliedChange => {
    const layer = layers.get(applied.change.record);
    if (!layer) return applied;
    const before = layer.shown;
    show(layer, applied.after, layer.merged);
    return { ...applied, before, after: layer.shown };
  };

  store.subscribe((changes) => {
    if (changes.length === 0) for (const [record, layer] of layers) show(layer, store.get(record), layer.merged);
    emitter.emit(layers.size === 0 ? changes : changes.map(seenThrough));
  });

  const carryOut = async (
    intents: readonly EditIntent[],
    operation: string,
    bases: readonly EditBase[] | null,
  ): Promise<SettledEdit[]> => {
    const journal = input.journal();
    lastOrder += 1;
    const order = journal?.orderOf(operation) ?? lastOrder;
    const keep = (now: readonly EditBase[] | null): void =>
      journal?.keep({ operation, intents: intents.map(toKeptIntent), bases: now });
    let isKept = false;
    const onBound = (bound: readonly EditBase[]): void => {
      isKept = true;
      keep(bound);
    };
    // Sent first: a lock that is given back right after this must not overtake the edit.
    const settled = edits.submit(intents, { operation, order, bases, onBound });
    if (!isKept) keep(bases);
    pendingCount += 1;
    changeLayers(intents, (intent) => put(intent, order));
    try {
      return await settled;
    } finally {
      pendingCount -= 1;
      changeLayers(intents, takeAway);
    }
  };

  function* overlaidValues(): Generator<ClientRecord, undefined> {
    for (const record of store.values()) yield layers.get(record.id)?.shown ?? record;
  }

  return {
    get size() {
      return store.size;
    },
    get: shownOf,
    values: () => (layers.size === 0 ? store.values() : overlaidValues()),
    subscribe: (listener) => emitter.subscribe(listener),
    pendingOf: (record) => layers.get(record)?.merged,
    get pendingCount() {
      return pendingCount;
    },
    get waiting() {
      return edits.waiting;
    },

    async submit(wanted) {
      if (pendingCount >= PENDING_LIMIT) throw new SyncError('too-many-unsent');
      const intents = wanted.map((intent) => ({ ...intent, set: asStored(intent.set) }));
      const operation = input.randomId();
      const journal = input.journal();
      try {
        return await carryOut(intents, operation, null);
      } finally {
        journal?.strike(operation);
      }
    },

    resume({ operation, intents: kept, bases }) {
      const intents = kept.map((intent) => toIntent(intent, store.get(intent.seen.id)));
      return { intents, settled: carryOut(intents, operation, bases) };
    },
  };
}

/** What the edits of a record say together. */
function merge({ patches, merged }: Layer): RecordPatch {
  return mergePatches(
    patches.map(({ set }) => set),
    merged,
  );
}

/** The confirmed record itself when the patch says the same. */
function lay(confirmed: ClientRecord, patch: RecordPatch): ClientRecord {
  return isAsPatched(confirmed, patch) ? confirmed : { ...confirmed, ...patch };
}
