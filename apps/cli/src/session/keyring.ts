import type { AsyncEntry } from '@napi-rs/keyring';
import { systemCode } from '../system-code.ts';

/** A store of secrets that the system guards: the Secret Service of a desktop, macOS' Keychain, Windows' Credential Manager. */
export interface Keyring {
  /** Null where there is none. Rejects where the store cannot be read. */
  get(account: string): Promise<string | null>;
  set(account: string, secret: string): Promise<void>;
  remove(account: string): Promise<void>;
}

const SERVICE = 'meldesync';
/** A store that is locked asks its person; who does not answer is not waited for. */
const PATIENCE_MS = 30_000;

/**
 * The keyring of this machine; undefined where the native module is not installed. Whether there is a store behind it shows when it
 * is used, as does why the module cannot be loaded. Linux' kernel keyring is none: what is in it is gone after a restart.
 */
export async function openSystemKeyring(): Promise<Keyring | undefined> {
  try {
    const { AsyncEntry } = await import('@napi-rs/keyring');
    return systemKeyring((account) => new AsyncEntry(SERVICE, account, { linux: { store: 'secret-service' } }));
  } catch (error) {
    return systemCode(error) === 'ERR_MODULE_NOT_FOUND' ? undefined : unusable(error);
  }
}

function systemKeyring(entry: (account: string) => AsyncEntry): Keyring {
  const patience = () => AbortSignal.timeout(PATIENCE_MS);
  return {
    get: async (account) => (await inTime(entry(account).getPassword(patience()))) ?? null,
    set: async (account, secret) => inTime(entry(account).setPassword(secret, patience())),
    remove: async (account) => {
      await inTime(entry(account).deletePassword(patience()));
    },
  };
}

/** A store that cannot be reached says why to whoever wants something of it. */
function unusable(reason: unknown): Keyring {
  const refuse = () => Promise.reject(reason);
  return { get: refuse, set: refuse, remove: refuse };
}

/** What runs already, the native side does not break off. */
async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the keyring does not answer')), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
