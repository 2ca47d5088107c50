import type { ClientRecord } from '@meldesync/client';
import type { RecordPatch } from '@meldesync/protocol';
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react';
import { useSync } from '../../sync/sync-context.tsx';
import { withPending } from './case-facts.ts';

interface WithPending {
  /** The records with what waits for the server's answer already in them. */
  readonly records: readonly ClientRecord[];
  /** Whether a field of one of them waits. */
  isPending(field: keyof RecordPatch): boolean;
}

const NOTHING: readonly (RecordPatch | undefined)[] = [];

/** Records as they will be once the edits on their way are confirmed. */
export function usePending(records: readonly ClientRecord[]): WithPending {
  const { edits } = useSync();
  const last = useRef(NOTHING);
  const read = useCallback(() => {
    const patches = records.map(({ id }) => edits.of(id));
    if (patches.every((patch) => patch === undefined)) return NOTHING;
    const isSame = patches.length === last.current.length && patches.every((patch, i) => patch === last.current[i]);
    if (!isSame) last.current = patches;
    return last.current;
  }, [edits, records]);
  const patches = useSyncExternalStore(edits.subscribe, read);
  return useMemo(
    () => ({
      records: patches === NOTHING ? records : records.map((record, index) => withPending(record, patches[index])),
      isPending: (field) => patches.some((patch) => patch?.[field] !== undefined),
    }),
    [patches, records],
  );
}
