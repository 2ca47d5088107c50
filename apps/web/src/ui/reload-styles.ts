const FIRST_PAUSE_MS = 1_000;
/** A style sheet that is gone for good, as after an update, is not asked for all the time. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * Asks again for style sheets that could not be loaded: after a while, and as soon as the browser is online again. Vite asks for
 * the one of a part of the page once, so that a part whose code comes with a later try would be shown without it until the page
 * is loaded anew. Meant to be called once.
 */
export function reloadFailedStyles(): void {
  const failed = new Map<HTMLLinkElement, ReturnType<typeof setTimeout>>();
  const pauses = new Map<string, number>();
  const reload = (link: HTMLLinkElement): void => {
    clearTimeout(failed.get(link));
    failed.delete(link);
    // Another element: one whose address stays the same is not loaded again.
    link.replaceWith(link.cloneNode());
  };
  const onError = ({ target }: Event): void => {
    if (!(target instanceof HTMLLinkElement) || target.rel !== 'stylesheet') return;
    const pauseMs = pauses.get(target.href) ?? FIRST_PAUSE_MS;
    pauses.set(target.href, Math.min(2 * pauseMs, LONGEST_PAUSE_MS));
    failed.set(target, setTimeout(reload, pauseMs, target));
  };
  // What is heard of an element that fails does not bubble.
  document.addEventListener('error', onError, { capture: true });
  addEventListener('online', () => {
    for (const link of failed.keys()) reload(link);
  });
}
