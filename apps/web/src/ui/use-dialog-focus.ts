import { useEffect, useState } from 'react';
import { ACTIVE_CELL_ID } from './landmarks.ts';
import { giveFocus, hasNoFocus, lastFocus } from './last-focus.ts';
import { CONTENT_ID } from './page-main.tsx';

/** A dialog that is open, and what leads there: what had the focus when it came, then what leads to that. */
interface OpenDialog {
  readonly content: HTMLElement;
  readonly openers: readonly HTMLElement[];
}

/** The one on top is the last. */
const open: OpenDialog[] = [];

/** Layers over the page of their own, as menus and messages are; a dialog is in one too. */
const LAYER = '[data-portal]';
/** What a dialog is about. */
const MAIN = '[data-autofocus]';
const TABBABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled)';

/**
 * Keeps the focus in the dialog on top while there is one, and gives it back to what had it when the dialog came. The library
 * moves it in once, from where a menu that closes takes it away again, and what is put in place of a dialog's content never gets
 * it. Give what it returns to the dialog's element.
 */
export function useDialogFocus(): (content: HTMLDivElement | null) => void {
  const [content, setContent] = useState<HTMLDivElement | null>(null);
  const [openers] = useState(openersNow);
  useEffect(() => {
    if (!content) return undefined;
    const end = new AbortController();
    const dialog = { content, openers };
    open.push(dialog);
    const isOnTop = (): boolean => open.at(-1) === dialog;
    let inside: HTMLElement | null = null;
    const hold = ({ target }: FocusEvent): void => {
      if (!(target instanceof HTMLElement)) return;
      if (content.contains(target)) {
        // What stands there already is a proposal, or what is to be changed.
        if (!inside && target instanceof HTMLInputElement && target.matches(MAIN)) target.select();
        inside = target;
      } else if (isOnTop() && !target.closest(LAYER)) moveInto(content, inside);
    };
    document.addEventListener('focusin', hold, { signal: end.signal });
    const changes = new MutationObserver((records) => {
      if (!isOnTop()) return;
      // A control that is only disabled gets it back by itself.
      const isLost = inside?.isConnected === false && hasNoFocus();
      // What the dialog is about has come after it: nobody was anywhere in it yet.
      const isAtDoor = inside?.matches('[data-close]') && records.some(bringsMain);
      if (isLost || isAtDoor) moveInto(content, null);
    });
    changes.observe(content, { childList: true, subtree: true });
    return () => {
      end.abort();
      changes.disconnect();
      open.splice(open.indexOf(dialog), 1);
      const below = open.at(-1)?.content;
      const heirs = below ? openers.filter((opener) => below.contains(opener)) : openers;
      if (giveFocus(heirs)) return;
      if (below) moveInto(below, null);
      else afterHeirs(() => open.length === 0 && hasNoFocus() && giveFocus(placesOnPage()));
    };
  }, [content, openers]);
  return setContent;
}

/** Once whoever knows a better place has given it the focus: sections do so as what they are about goes, or a frame after it. */
function afterHeirs(act: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(act));
}

/** Where keys go on when all that led to a dialog is gone with what it was about: where somebody was in the list, else the page's content. */
function placesOnPage(): readonly HTMLElement[] {
  return [ACTIVE_CELL_ID, CONTENT_ID].map((id) => document.getElementById(id)).filter((one) => one !== null);
}

function bringsMain({ addedNodes }: MutationRecord): boolean {
  return [...addedNodes].some((node) => node instanceof Element && (node.matches(MAIN) || node.querySelector(MAIN)));
}

/** To where it was inside, else to what the dialog is about. */
function moveInto(content: HTMLElement, inside: HTMLElement | null): void {
  const first = content.querySelector<HTMLElement>(MAIN) ?? content.querySelector<HTMLElement>(TABBABLE);
  giveFocus([inside, first].filter((one) => one !== null));
}

/** What has the focus, then what leads there: of an item of a menu its button, of a dialog that this one replaces what is behind it. */
function openersNow(): readonly HTMLElement[] {
  const from = lastFocus();
  const button = from?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  const isOnPage = from?.isConnected === true && !from.closest('[role="dialog"]');
  const behind = isOnPage ? [] : (open.at(-1)?.openers ?? []);
  return [from, button ? document.getElementById(button) : null, ...behind].filter((one) => one !== null);
}
