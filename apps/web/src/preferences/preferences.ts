import type { Language } from '@meldesync/domain';
import { useSyncExternalStore } from 'react';

type Density = 'comfortable' | 'compact';

/** What a person chose for this browser. The theme is kept by Mantine (see `theme/mantine-theme.ts`). */
export interface Preferences {
  readonly language: Language;
  readonly density: Density;
  /** Single-letter shortcuts can be switched off (WCAG 2.1.4). */
  readonly letterShortcuts: boolean;
}

const KEYS = {
  language: 'meldesync.language',
  density: 'meldesync.density',
  letterShortcuts: 'meldesync.letter-shortcuts',
} as const satisfies Record<keyof Preferences, string>;

/** Reads the stored choices; whatever is missing or unknown falls back, the language to the browser's or German. */
export function parsePreferences(read: (key: string) => string | null, browserLanguage: string): Preferences {
  const language = read(KEYS.language);
  return {
    language: language === 'de' || language === 'en' ? language : browserLanguage.startsWith('en') ? 'en' : 'de',
    density: read(KEYS.density) === 'compact' ? 'compact' : 'comfortable',
    letterShortcuts: read(KEYS.letterShortcuts) !== 'off',
  };
}

let current: Preferences = parsePreferences(readStorage, navigatorLanguage());
const listeners = new Set<() => void>();

export function getPreferences(): Preferences {
  return current;
}

/** Changes one choice, keeps it for the next visit and tells every component that reads it. */
export function setPreference<K extends keyof Preferences>(key: K, value: Preferences[K]): void {
  current = { ...current, [key]: value };
  writeStorage(KEYS[key], typeof value === 'boolean' ? (value ? 'on' : 'off') : value);
  for (const listener of listeners) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, getPreferences);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function navigatorLanguage(): string {
  return typeof navigator === 'undefined' ? 'de' : navigator.language;
}

function readStorage(key: string): string | null {
  try {
    return globalThis.localStorage.getItem(key);
  } catch {
    // A browser that forbids storage still gets the defaults.
    return null;
  }
}

function writeStorage(key: string, value: string): void {
  try {
    globalThis.localStorage.setItem(key, value);
  } catch (error) {
    console.warn('The choice holds until the page is closed; storage refuses it:', error);
  }
}
