import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { tabTexts } from './tab-texts.ts';

/** Whose text it is. */
interface TextOwner {
  readonly workspace: string;
  /** The signed-in person's user id. */
  readonly user: string;
}

/** Texts of one kind that people look for in this tab. */
interface OwnTexts {
  read(owner: TextOwner): string;
  write(owner: TextOwner, text: string): void;
  subscribe(listener: () => void): () => void;
}

/** What a text is looked for in. */
export type OwnTextName = 'search' | 'audit-case' | 'audit-text';

/**
 * Keeps a text that is looked for, per person and workspace: whoever signs in next in this tab does not see it. It may be a
 * case id and must not stand in an address, nor on the disk as it is, so it is one of the tab's texts: it survives a reload and goes with
 * the tab. Where storage is refused it holds until the page is closed.
 */
export function createOwnTexts(name: OwnTextName, storage: () => Pick<Storage, 'getItem' | 'setItem'>): OwnTexts {
  const listeners = new Set<() => void>();
  /** Texts that storage did not take. */
  const unstored = new Map<string, string>();
  const keyOf = ({ workspace, user }: TextOwner): string => `meldesync.${name}.${user}.${workspace}`;

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

const TEXTS: Readonly<Record<OwnTextName, OwnTexts>> = {
  search: createOwnTexts('search', () => tabTexts),
  'audit-case': createOwnTexts('audit-case', () => tabTexts),
  'audit-text': createOwnTexts('audit-text', () => tabTexts),
};

/** A text that a person looks for in a workspace. */
export function useOwnText(
  name: OwnTextName,
  { workspace, user }: TextOwner,
): readonly [text: string, setText: (text: string) => void] {
  const texts = TEXTS[name];
  const owner = useMemo(() => ({ workspace, user }), [workspace, user]);
  const text = useSyncExternalStore(texts.subscribe, () => texts.read(owner));
  const setText = useCallback((next: string) => texts.write(owner, next), [texts, owner]);
  return [text, setText];
}
