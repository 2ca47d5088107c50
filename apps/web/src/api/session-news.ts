import { withStorage } from '../preferences/with-storage.ts';
import { forgetAnswers, keptMe } from './kept-answers.ts';

const KEY = 'meldesync.session';

/**
 * Tells the other pages of this browser who has signed in. It stays written, for those that do not hear it now: pages that a
 * browser has put to sleep.
 */
export function tellSignedIn(person: string): void {
  // It could be opened without the service.
  if (keptMe()?.user.id !== person) forgetAnswers();
  tell(person);
}

/** Tells the other pages that whoever was signed in has signed out. A session that ends by itself is nobody's news. */
export function tellSignedOut(): void {
  forgetAnswers();
  tell(null);
}

function tell(person: string | null): void {
  // The time makes each of them news.
  inBrowser((storage) => storage.setItem(KEY, JSON.stringify({ person, at: Date.now() })));
}

/**
 * The user id of the person who signed in last in this browser, as far as its pages were told; null after they signed out,
 * undefined when nothing was told.
 */
export function toldPerson(): string | null | undefined {
  let text: string | null = null;
  inBrowser((storage) => {
    text = storage.getItem(KEY);
  });
  return text === null ? undefined : personIn(text);
}

/** Calls back when another page tells. */
export function onSessionNews(listener: () => void): () => void {
  const hear = ({ key }: StorageEvent): void => {
    if (key === KEY) listener();
  };
  addEventListener('storage', hear);
  return () => removeEventListener('storage', hear);
}

function personIn(text: string): string | null | undefined {
  try {
    const told: unknown = JSON.parse(text);
    if (typeof told !== 'object' || told === null || !('person' in told)) return undefined;
    return typeof told.person === 'string' || told.person === null ? told.person : undefined;
  } catch {
    // Written by something else: it says nothing.
    return undefined;
  }
}

function inBrowser(use: (storage: Storage) => void): void {
  withStorage(() => globalThis.localStorage, 'pages find out later who is signed in', use);
}
