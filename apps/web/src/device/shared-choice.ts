import { withStorage } from '../preferences/with-storage.ts';

const KEY = 'meldesync.shared';

/** Whether somebody said last that others work in this browser too. Says nothing of anybody. */
export function isSharedHere(): boolean {
  let chosen: string | null = null;
  inBrowser((storage) => {
    chosen = storage.getItem(KEY);
  });
  return chosen === 'on';
}

export function rememberShared(isShared: boolean): void {
  inBrowser((storage) => storage.setItem(KEY, isShared ? 'on' : 'off'));
}

function inBrowser(use: (storage: Storage) => void): void {
  withStorage(() => globalThis.localStorage, 'the choice has to be made again at the next sign-in', use);
}
