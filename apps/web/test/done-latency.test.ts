import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { doneBox } from './case-list.ts';
import { openDesk } from './desk.ts';

const TOGGLES = 40;

declare global {
  interface Window {
    /** Moments at which something happened to the box under test, in epoch milliseconds of the browser. */
    moments: number[];
  }
}

const { cluster, browser, anna, ben, cases } = await openDesk();

describe('done from one screen to the other', () => {
  let first: Page;
  let second: Page;

  beforeAll(async () => {
    await cases.add('F-1', 'F-2', 'F-3');
    // Each on a node of their own, both in one browser, whose pages share a clock.
    first = await browser.open(cluster, anna, { node: 0 });
    second = await browser.open(cluster, ben, { node: 1 });
    await doneBox(first, 'F-2').waitFor();
    await doneBox(second, 'F-2').waitFor();
  });

  it('R1.2 R1.3 each click arrives, in order; how long it took is printed', async () => {
    await first.evaluate(() => {
      window.moments = [];
      const note = ({ timeStamp }: Event): number => window.moments.push(performance.timeOrigin + timeStamp);
      document.querySelector('[role=grid]')?.addEventListener('click', note, { capture: true });
    });
    await second.evaluate(() => {
      window.moments = [];
      const isDone = (): boolean =>
        [...document.querySelectorAll<HTMLInputElement>('[role=row] input[type=checkbox]')].some(
          ({ ariaLabel, checked }) => ariaLabel === 'Fall F-2 erledigt' && checked,
        );
      let wasDone = isDone();
      const look = (): void => {
        if (isDone() === wasDone) return;
        wasDone = !wasDone;
        window.moments.push(performance.timeOrigin + performance.now());
      };
      const grid = document.querySelector('[role=grid]');
      if (grid) new MutationObserver(look).observe(grid, { subtree: true, childList: true, attributes: true });
    });
    for (let toggle = 1; toggle <= TOGGLES; toggle++) {
      await doneBox(first, 'F-2').click();
      await second.waitForFunction((count) => window.moments.length === count, toggle);
      expect(await doneBox(second, 'F-2').isChecked()).toBe(toggle % 2 === 1);
    }
    const [clicked, seen] = await Promise.all([momentsOf(first), momentsOf(second)]);
    expect(clicked).toHaveLength(TOGGLES);
    const spans = seen.map((moment, index) => moment - (clicked[index] ?? 0)).toSorted((a, b) => a - b);
    const at = (part: number): string => (spans[Math.floor(part * (spans.length - 1))] ?? 0).toFixed(1);
    process.stdout.write(
      `done, click to the other screen (${TOGGLES}): median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms\n`,
    );
  });
});

async function momentsOf(page: Page): Promise<number[]> {
  return page.evaluate(() => window.moments);
}
