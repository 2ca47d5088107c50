import type { Keyring } from '../src/session/keyring.ts';

/** A keyring in memory, which can be locked. */
export class TestKeyring implements Keyring {
  readonly secrets = new Map<string, string>();
  isLocked = false;
  async get(account: string): Promise<string | null> {
    this.#open();
    return this.secrets.get(account) ?? null;
  }
  async set(account: string, secret: string): Promise<void> {
    this.#open();
    this.secrets.set(account, secret);
  }
  async remove(account: string): Promise<void> {
    this.#open();
    this.secrets.delete(account);
  }
  #open(): void {
    if (this.isLocked) throw new Error('locked');
  }
}
