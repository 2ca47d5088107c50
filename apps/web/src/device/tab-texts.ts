import { fromBase64, toBase64 } from './base64.ts';
import { keyring, onKeyring } from './keyring.ts';
import { lockValue, unlockValue } from './lock-value.ts';

const KEY = 'meldesync.tab';

/**
 * Texts of this tab's person that outlive a reload: in session storage, under the key of what is kept here, since a browser writes that
 * storage to its disk. Where nothing is kept they hold for the page.
 */
interface TabTexts extends Pick<Storage, 'getItem' | 'setItem' | 'clear'> {
  /** Reads what an earlier page of the tab left. Never rejects. */
  load(): Promise<void>;
}

export const tabTexts: TabTexts = createTabTexts();

function createTabTexts(): TabTexts {
  const texts = new Map<string, string>();
  let writing = Promise.resolve();

  const write = async (): Promise<void> => {
    const ring = keyring();
    if (!ring?.copyKey || texts.size === 0) return;
    const { iv, bytes } = await lockValue(ring.copyKey, [...texts], KEY);
    // They may have been cleared meanwhile.
    if (texts.size > 0) sessionStorage.setItem(KEY, `${toBase64(iv.buffer)} ${toBase64(bytes)}`);
  };
  const keep = (): void => {
    writing = writing.then(write).catch((error: unknown) => console.warn('A text holds until a reload', error));
  };
  return {
    async load() {
      onKeyring(keep);
      const ring = keyring();
      try {
        const [iv, bytes] = (sessionStorage.getItem(KEY) ?? '').split(' ');
        if (!ring?.copyKey || iv === undefined || bytes === undefined) return;
        const locked = { iv: fromBase64(iv), bytes: fromBase64(bytes).buffer };
        for (const [name, text] of (await unlockValue(ring.copyKey, locked, KEY)) as [string, string][])
          texts.set(name, text);
      } catch {
        // Of an earlier session, or cut off, or storage is forbidden: it begins without texts.
      }
    },
    getItem: (name) => texts.get(name) ?? null,
    setItem(name, text) {
      texts.set(name, text);
      keep();
    },
    clear: () => texts.clear(),
  };
}
