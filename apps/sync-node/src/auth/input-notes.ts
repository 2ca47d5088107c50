import { LRUCache } from 'lru-cache';
import type { NoteInput } from '../core/identity.ts';

/** Input of a session is written once in such a while: it ends hours later, or minutes. */
const WRITTEN_AGAIN_MS = 30_000;
/** Of so many sessions it is known that it was written; of the others it is written once more. */
const MAX_KNOWN = 10_000;

/** Writes input down by `write`, without keeping anybody waiting; `failed` hears where that did not work. */
export function createInputNotes(
  write: (sessionId: string) => Promise<void>,
  failed: (error: unknown) => void,
): NoteInput {
  const written = new LRUCache<string, true>({ max: MAX_KNOWN, ttl: WRITTEN_AGAIN_MS });
  return ({ sessionId }) => {
    if (written.has(sessionId)) return;
    written.set(sessionId, true);
    write(sessionId).catch((error: unknown) => {
      written.delete(sessionId);
      failed(error);
    });
  };
}
