import type { CopyPart, CopyPosition, KeptEdit, SyncPersistence } from '../src/types/sync-persistence.ts';

/** What a browser keeps, as a model: it outlives the clients that write to it. */
export interface MemoryDisk {
  copy: { position: CopyPosition; parts: readonly CopyPart[]; owner: number } | null;
  edits: Map<string, KeptEdit>;
  /** Writes so far, by kind. */
  readonly writes: { replaced: number; extended: number; edits: number };
  /**
   * A client's way to the disk. What it has asked for by the time of `end` is done, nothing after that; what it leaves goes to the
   * first client that watches.
   */
  mount(user?: string): SyncPersistence & { end(): void };
}

/** An empty disk. Whatever is written or read is copied, as in a browser. */
export function createMemoryDisk(): MemoryDisk {
  let owners = 0;
  const ownerOf = new Map<string, number>();
  const watchers = new Map<number, (edits: readonly unknown[]) => void>();
  const disk: MemoryDisk = {
    copy: null,
    edits: new Map(),
    writes: { replaced: 0, extended: 0, edits: 0 },
    mount(user = 'a') {
      owners += 1;
      const owner = owners;
      let isEnded = false;
      /** A page that is gone gets no answer. */
      const answer = <T>(value: T): Promise<T> =>
        isEnded ? new Promise<T>(() => undefined) : Promise.resolve(structuredClone(value));
      const claim = (operations: readonly string[], by: number): KeptEdit[] => {
        for (const operation of operations) ownerOf.set(operation, by);
        return structuredClone(operations.flatMap((operation) => disk.edits.get(operation) ?? []));
      };
      return {
        user,
        end() {
          isEnded = true;
          watchers.delete(owner);
          const left = [...disk.edits.keys()].filter((operation) => ownerOf.get(operation) === owner);
          const [heir] = watchers;
          if (heir && left.length > 0) heir[1](claim(left, heir[0]));
        },
        watchEdits(listener) {
          watchers.set(owner, listener);
          return () => watchers.delete(owner);
        },
        loadCopy() {
          if (!isEnded && disk.copy) disk.copy.owner = owner;
          if (!disk.copy) return answer(null);
          const { position, parts } = structuredClone(disk.copy);
          return isEnded ? answer(null) : Promise.resolve({ position, parts: each(parts) });
        },
        replaceCopy(position, parts) {
          if (isEnded || (disk.copy && disk.copy.owner > owner)) return answer(false);
          disk.copy = structuredClone({ position, parts: [...parts], owner });
          disk.writes.replaced += 1;
          return answer(true);
        },
        extendCopy(position, parts) {
          if (isEnded || disk.copy?.owner !== owner) return answer(false);
          disk.copy = structuredClone({ position, parts: [...disk.copy.parts, ...parts], owner });
          disk.writes.extended += 1;
          return answer(true);
        },
        loadEdits: () => answer(claim([...disk.edits.keys()], owner)),
        saveEdits({ put, removed }) {
          if (isEnded) return answer(undefined);
          disk.writes.edits += 1;
          for (const edit of put) {
            disk.edits.set(edit.operation, structuredClone(edit));
            ownerOf.set(edit.operation, owner);
          }
          for (const operation of removed) disk.edits.delete(operation);
          return answer(undefined);
        },
        forget() {
          disk.copy = null;
          disk.edits.clear();
          return answer(undefined);
        },
      };
    },
  };
  return disk;
}

async function* each(parts: readonly CopyPart[]): AsyncGenerator<CopyPart> {
  for (const part of parts) yield await Promise.resolve(part);
}
