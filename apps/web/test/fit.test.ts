import { eventually } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { cellOf, rowOf } from './case-list.ts';
import { openDesk } from './desk.ts';

const { cluster, browser, anna, cases } = await openDesk({ nodes: 1 });

describe('more than fits', () => {
  it('stays in its cell: several records of a kind, beside the open panel and on a small screen', async () => {
    await cases.add('F-1');
    await cluster.addRecords(12, { first: 700, artDerDaten: 'G', caseId: 'F-1' });
    await cluster.addRecords(1, { first: 800, artDerDaten: 'C', caseId: 'F-1' });
    const page = await browser.open(cluster, anna);
    await rowOf(page, 'F-1').waitFor();
    expect(await overflowing(page)).toEqual([]);
    await cellOf(page, 'F-1', 'status').click();
    await page.getByRole('complementary').waitFor();
    await eventually(async () => expect(await overflowing(page)).toEqual([]));
    // What does not fit is still said.
    expect(await cellOf(page, 'F-1', 'genomic').innerText()).toContain('+12');
    for (const size of [
      { width: 1280, height: 720 },
      { width: 800, height: 600 },
    ]) {
      await page.setViewportSize(size);
      await eventually(async () => expect(await overflowing(page)).toEqual([]));
    }
    await page.context().close();
  });
});

/** What of a row's cells is seen outside of them, by column. */
function overflowing(page: Page): Promise<string[]> {
  return rowOf(page, 'F-1')
    .locator('[role=gridcell]')
    .evaluateAll((cells) =>
      cells.flatMap((cell) => {
        const { left, right } = cell.getBoundingClientRect();
        const outside = [...cell.querySelectorAll('*')].filter((part) => {
          const box = part.getBoundingClientRect();
          const isSeen = box.width > 1 && part.closest('[class*="visually-hidden"]') === null;
          return isSeen && !part.querySelector('*') && (box.right > right + 0.5 || box.left < left - 0.5);
        });
        return outside.map((part) => `${cell.getAttribute('data-col')}: ${part.textContent}`);
      }),
    );
}
