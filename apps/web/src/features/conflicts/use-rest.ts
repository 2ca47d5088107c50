import { useEffect, useState } from 'react';
import { useDrive } from '../../editing/drive/drive-context.tsx';
import { isTyping } from '../../ui/is-typing.ts';

/** How long nothing may have been pressed: longer than between two clicks, or between one field and the next. */
const REST_MS = 600;

/** What someone does with the page: they were just at it, something is open or being typed in, or neither. */
export type Rest = 'stirs' | 'busy' | 'rests';

const STIRRING = ['keydown', 'keyup', 'pointerdown', 'pointerup', 'focusin', 'focusout'] as const;

/**
 * Waits from its first render on until someone rests: nothing is open or being typed in, and no key or press has come for a
 * moment. Who looks into another window is busy for as long as the field that has the focus waits for their return. Once it
 * `rests` that stays, whatever follows.
 */
export function useRest(): Rest {
  const drive = useDrive();
  const [rest, setRest] = useState<Rest>('stirs');
  const isOver = rest === 'rests';
  useEffect(() => {
    if (isOver) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isBusy = (): boolean => drive.isWriting() || isTyping(document.activeElement) || isSomethingOpen();
    const look = (): void => {
      setRest(isBusy() ? 'busy' : 'rests');
      // What is open may close by itself.
      waitAgain();
    };
    const waitAgain = (): void => {
      clearTimeout(timer);
      timer = setTimeout(look, REST_MS);
    };
    waitAgain();
    for (const event of STIRRING) window.addEventListener(event, waitAgain, { capture: true });
    return () => {
      clearTimeout(timer);
      for (const event of STIRRING) window.removeEventListener(event, waitAgain, { capture: true });
    };
  }, [drive, isOver]);
  return rest;
}

const OVER_PAGE = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** Whether a dialog, a menu or a list is open over the page. The list of a field that is closed stays in the page, and does not show. */
function isSomethingOpen(): boolean {
  return [...document.querySelectorAll(OVER_PAGE)].some((one) => one.checkVisibility());
}
