import type { Page } from 'playwright-core';

declare global {
  interface Window {
    paintTime: Promise<number> | undefined;
  }
}

/** Only ends a test that would otherwise wait for what never comes. */
const LONGEST_MS = 90_000;

/**
 * How long the page takes from the first input of an act until what is awaited is painted, in milliseconds.
 * @param isThere runs in the page, each frame, with `given`
 */
export async function paintTime<T>(
  page: Page,
  act: () => Promise<unknown>,
  { isThere, given }: { isThere: (given: T) => boolean; given: T },
): Promise<number> {
  await page.evaluate(
    ([source, value, longestMs]) => {
      // As it was written in the test.
      // oxlint-disable-next-line typescript/no-implied-eval -- the browser's own evaluation is not bound by the page's policy
      const awaited = new Function(`return (${source})`)() as (given: unknown) => boolean;
      window.paintTime = new Promise((resolve, reject) => {
        const endsAt = performance.now() + longestMs;
        let begunAt: number | null = null;
        const begin = (): void => {
          begunAt ??= performance.now();
        };
        for (const name of ['keydown', 'pointerdown', 'input', 'wheel', 'change'])
          addEventListener(name, begin, { capture: true, once: true });
        const look = (): void => {
          if (begunAt !== null && awaited(value)) {
            const from = begunAt;
            // The frame after that one is begun when it is painted.
            requestAnimationFrame(() => resolve(performance.now() - from));
          } else if (performance.now() > endsAt) {
            reject(new Error(begunAt === null ? 'no input came' : 'what was awaited was not painted'));
          } else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    },
    [String(isThere), given, LONGEST_MS] as const,
  );
  await act();
  return page.evaluate(() => window.paintTime ?? Number.NaN);
}
