import { personOfPage } from '../../api/page-person.ts';
import { INPUT_EVENTS } from './input-events.ts';

/** It is told at most so often; a session ends after many minutes without. */
const TOLD_AGAIN_MS = 60_000;
/** So soon where it could not be told: while nothing answers, every key would ask once more. */
const TRIED_AGAIN_MS = 5_000;

/**
 * Tells the service that somebody is there while they type, click or touch: a session ends after a while without, and an open page
 * alone is nobody. What cannot be told now is told with an input of some seconds later. Meant to be called once; returns what ends it.
 */
export function tellActivity(
  tell: () => Promise<void>,
  isSignedIn: () => boolean = () => personOfPage() !== null,
): () => void {
  let notBefore = Number.NEGATIVE_INFINITY;
  const onInput = (): void => {
    const now = performance.now();
    if (now < notBefore || !isSignedIn()) return;
    notBefore = now + TOLD_AGAIN_MS;
    tell().catch((error: unknown) => {
      notBefore = performance.now() + TRIED_AGAIN_MS;
      console.warn('The service could not be told that somebody is here:', error);
    });
  };
  const options = { capture: true, passive: true } as const;
  for (const sign of INPUT_EVENTS) addEventListener(sign, onInput, options);
  return () => {
    for (const sign of INPUT_EVENTS) removeEventListener(sign, onInput, options);
  };
}
