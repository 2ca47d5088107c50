import { withStorage } from '../preferences/with-storage.ts';
import { forgetAnswers, keptMe } from './kept-answers.ts';

const KEY = 'meldesync.session';

/**
 * Tells the other pages of this browser who has signed in. It stays written, for those that do not hear it now: pages that a
 * browser has put to sleep.
 */
export function tellSignedIn(person: string): void {
  // It could be opened without the service.
  const kept = keptMe();
  if (kept && kept.user.id !== person) void forgetAnswers();
  tell({ person });
}

/** Tells the other pages that somebody has signed out. A session that ends by itself is nobody's news. */
export function tellSignedOut(person: string): void {
  tell({ person: null, left: person });
}

function tell(news: { readonly person: string | null; readonly left?: string }): void {
  // The time makes each of them news.
  inBrowser((storage) => storage.setItem(KEY, JSON.stringify({ ...news, at: Date.now() })));
}

/**
 * The user id of the person who signed in last in this browser, as far as its pages were told; null after they signed out,
 * undefined when nothing was told.
 */
export function toldPerson(): string | null | undefined {
  return toldNews()?.person;
}

/** Whether a person has signed out in this browser since somebody last signed in. */
export function hasSignedOut(person: string): boolean {
  const news = toldNews();
  // Pages of releases up to 0.3.0 do not say who has.
  return news?.person === null && (news.left ?? person) === person;
}

function toldNews(): ReturnType<typeof newsIn> {
  let text: string | null = null;
  inBrowser((storage) => {
    text = storage.getItem(KEY);
  });
  return text === null ? undefined : newsIn(text);
}

/** Calls back when another page tells. */
export function onSessionNews(listener: () => void): () => void {
  const hear = ({ key }: StorageEvent): void => {
    if (key === KEY) listener();
  };
  addEventListener('storage', hear);
  return () => removeEventListener('storage', hear);
}

function newsIn(text: string): { person: string | null; left: string | undefined } | undefined {
  try {
    const told: unknown = JSON.parse(text);
    if (typeof told !== 'object' || told === null || !('person' in told)) return undefined;
    const { person } = told;
    if (typeof person !== 'string' && person !== null) return undefined;
    return { person, left: 'left' in told && typeof told.left === 'string' ? told.left : undefined };
  } catch {
    // Written by something else: it says nothing.
    return undefined;
  }
}

function inBrowser(use: (storage: Storage) => void): void {
  withStorage(() => globalThis.localStorage, 'pages find out later who is signed in', use);
}
