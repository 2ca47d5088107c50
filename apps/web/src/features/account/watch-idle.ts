import { isPageLeft } from '../../api/leave-page.ts';
import { personOfPage } from '../../api/page-person.ts';
import { keyring } from '../../device/keyring.ts';
import { isSharedHere } from '../../device/shared-choice.ts';
import { withStorage } from '../../preferences/with-storage.ts';
import { INPUT_EVENTS } from './input-events.ts';
import { signOutForIdleness } from './sign-out.ts';

const KEY = 'meldesync.input';
/** How long nobody needs to be there, as long as the service has not said it. */
const IDLE_MS = 12 * 60 * 60_000;
const SHARED_IDLE_MS = 30 * 60_000;
/** How often the pages of a browser tell each other of input, and how often each looks. */
const TELL_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 10_000;

/**
 * Signs the person of the page out when nobody has entered anything for too long in any page of the browser. A press that comes later does
 * nothing else: whoever made it need not be that person. Meant to be called once; it lasts as long as the page.
 */
export function watchIdle(): void {
  let lastMs = Date.now();
  let toldMs = 0;
  const isIdle = (): boolean => {
    const idleMs = keyring()?.idleMs ?? (isSharedHere() ? SHARED_IDLE_MS : IDLE_MS);
    return personOfPage() !== null && Date.now() - lastMs > idleMs && Date.now() - readTold() > idleMs;
  };
  const look = (): boolean => {
    const isOver = isIdle();
    if (isOver && !isPageLeft()) void signOutForIdleness();
    return isOver;
  };
  const noteInput = (event: Event): void => {
    if (look()) {
      event.stopImmediatePropagation();
      return;
    }
    lastMs = Date.now();
    if (lastMs - toldMs < TELL_EVERY_MS) return;
    toldMs = lastMs;
    inBrowser((storage) => storage.setItem(KEY, String(lastMs)));
  };
  for (const type of INPUT_EVENTS) addEventListener(type, noteInput, { capture: true, passive: true });
  for (const type of ['focus', 'pageshow']) addEventListener(type, look);
  document.addEventListener('visibilitychange', look);
  setInterval(look, LOOK_EVERY_MS);
}

/** When another page last told, in epoch milliseconds; 0 for never. */
function readTold(): number {
  let told = 0;
  inBrowser((storage) => {
    told = Number(storage.getItem(KEY));
  });
  return Number.isFinite(told) ? told : 0;
}

function inBrowser(use: (storage: Storage) => void): void {
  withStorage(() => globalThis.localStorage, 'each page looks for itself whether somebody is there', use);
}
