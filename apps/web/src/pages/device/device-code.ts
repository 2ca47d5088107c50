import { withStorage } from '../../preferences/with-storage.ts';

const KEY = 'meldesync.device-code';

/**
 * Keeps the code of a terminal that stood behind `#` in the address, while its person signs in. It is of this tab alone, and never
 * part of an address that a server sees.
 */
export function keepDeviceCode(code: string): void {
  inBrowser((storage) => storage.setItem(KEY, code));
}

/** Null where none was in the address. */
export function keptDeviceCode(): string | null {
  let code: string | null = null;
  inBrowser((storage) => {
    code = storage.getItem(KEY);
  });
  return code;
}

export function forgetDeviceCode(): void {
  inBrowser((storage) => storage.removeItem(KEY));
}

function inBrowser(use: (storage: Storage) => void): void {
  withStorage(() => globalThis.sessionStorage, 'a code has to be typed', use);
}
