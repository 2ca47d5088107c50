import type { SyncClient } from '@meldesync/client';
import { MAX_RECORDS_PER_LOCK } from '@meldesync/protocol';

/** What this window says it has open. */
export interface Attending {
  /** Opens a case; what was opened last counts. Returns what closes it again. */
  open(records: readonly number[]): () => void;
}

/** While someone walks through the list, only the case they stay on is said. */
export const REST_MS = 250;

/** Says to the others which case is open in this window: in the panel, or in an editor over it. */
export function createAttending(client: Pick<SyncClient, 'attend'>): Attending {
  const opened: { readonly records: readonly number[] }[] = [];
  let said = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const say = (): void => {
    timer = undefined;
    const records = opened.at(-1)?.records ?? [];
    if (records.join() === said) return;
    said = records.join();
    client.attend(records);
  };

  return {
    open(records) {
      const entry = { records: records.toSorted((a, b) => a - b).slice(0, MAX_RECORDS_PER_LOCK) };
      opened.push(entry);
      clearTimeout(timer);
      timer = setTimeout(say, REST_MS);
      return () => {
        opened.splice(opened.indexOf(entry), 1);
        clearTimeout(timer);
        timer = setTimeout(say, REST_MS);
      };
    },
  };
}
