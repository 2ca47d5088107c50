import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { tabTexts } from '../../device/tab-texts.ts';

/** Whose text it is. */
interface TextOwner {
  readonly workspace: string;
  /** The signed-in person's user id. */
  readonly user: string;
}

/** The texts searched for in this tab. */
interface CaseTexts {
  read(owner: TextOwner): string;
  write(owner: TextOwner, text: string): void;
  subscribe(listener: () => void): () => void;
}

/**
 * Keeps the text searched for, per person and workspace: whoever signs in next in this tab does not see it. It may be a
 * case id and must not stand in an address, nor on the disk as it is, so it is one of the tab's texts: it survives a reload and goes with
 * the tab. Where storage is refused it holds until the page is closed.
 */
export function createCaseTexts(storage: () => Pick<Storage, 'getItem' | 'setItem'>): CaseTexts {
  const listeners = new Set<() => void>();
  /** Texts that storage did not take. */
  const unstored = new Map<string, string>();
  const keyOf = ({ workspace, user }: TextOwner): string => `meldesync.search.${user}.${workspace}`;

  const readStored = (key: string): string | null => {
    try {
      return storage().getItem(key);
    } catch {
      // A browser that forbids storage begins with no text.
      return null;
    }
  };

  return {
    read(owner) {
      const key = keyOf(owner);
      return unstored.get(key) ?? readStored(key) ?? '';
    },
    write(owner, text) {
      const key = keyOf(owner);
      try {
        storage().setItem(key, text);
        unstored.delete(key);
      } catch (error) {
        unstored.set(key, text);
        console.warn('The search holds until the page is closed; storage refuses it:', error);
      }
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const texts = createCaseTexts(() => tabTexts);

/** The text a person searches for in a workspace. */
export function useCaseText({ workspace, user }: TextOwner): readonly [text: string, setText: (text: string) => void] {
  const owner = useMemo(() => ({ workspace, user }), [workspace, user]);
  const text = useSyncExternalStore(texts.subscribe, () => texts.read(owner));
  const setText = useCallback((next: string) => texts.write(owner, next), [owner]);
  return [text, setText];
}
