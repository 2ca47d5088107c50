/** What had the focus last; it may be disabled by now, or gone. */
let last: HTMLElement | null = null;
const watched = { attributes: true, attributeFilter: ['disabled'] };
const observer = new MutationObserver(() => {
  if (hasNoFocus()) last?.focus({ preventScroll: true });
});

/**
 * Keeps the focus where a person left it: a control that may not be used while it works loses it to nothing, and has it back
 * when it may be used again, unless something else has it then. Meant to be called once; it lasts as long as the page.
 */
export function watchFocus(): void {
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && target !== document.body) remember(target);
  });
}

/** What has the focus, or had it before it was lost to nothing. */
export function lastFocus(): HTMLElement | null {
  const active = document.activeElement;
  return active instanceof HTMLElement && active !== document.body ? active : last;
}

/** Whether no element has the focus, so that keys begin at the top of the page. */
export function hasNoFocus(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** Gives the first that is still on the page the focus: now, or once it may be used again. Whether there was one. */
export function giveFocus(candidates: readonly HTMLElement[]): boolean {
  const heir = candidates.find((candidate) => candidate.isConnected);
  if (!heir) return false;
  heir.focus({ preventScroll: true });
  remember(heir);
  return true;
}

function remember(element: HTMLElement): void {
  last = element;
  observer.disconnect();
  observer.observe(element, watched);
}
