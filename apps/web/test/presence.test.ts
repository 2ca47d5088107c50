import { eventually } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { cellOf } from './case-list.ts';
import { openDesk } from './desk.ts';

const { cluster, browser, anna, ben, cases } = await openDesk();

describe('who is here', () => {
  let annas: Page;
  let bens: Page;

  beforeAll(async () => {
    await cases.add('F-1', 'F-2');
    annas = await browser.open(cluster, anna, { node: 0 });
    bens = await browser.open(cluster, ben, { node: 1, colorScheme: 'dark' });
  });

  const others = (page: Page, names: string) =>
    page.getByRole('banner').getByRole('button', { name: `Auch hier: ${names}` });

  it('shows the others in the header, and none of oneself', async () => {
    await others(annas, 'Ben Brandt').waitFor();
    await others(bens, 'Anna Albers').waitFor();
    expect(await findBarriers(bens)).toEqual([]);
  });

  it('shows in the row and in the panel who has the case open, until they close it', async () => {
    await cellOf(annas, 'F-2', 'caseId').click();
    await eventually(async () =>
      expect(await cellOf(bens, 'F-2', 'caseId').textContent()).toContain('Auch geöffnet von Anna Albers'),
    );
    await cellOf(bens, 'F-2', 'caseId').click();
    for (const [page, name] of [
      [annas, 'Ben Brandt'],
      [bens, 'Anna Albers'],
    ] as const) {
      await page.getByRole('complementary').getByText(`Auch geöffnet von ${name}`).waitFor();
    }
    expect(await findBarriers(bens)).toEqual([]);
    await bens.getByRole('button', { name: 'Seitenbereich schließen' }).click();
    await eventually(async () =>
      expect(await cellOf(annas, 'F-2', 'caseId').textContent()).not.toContain('Ben Brandt'),
    );
  });

  it('lists who is on which case, and leads there without naming the case in the address', async () => {
    await others(bens, 'Anna Albers').click();
    const list = bens.getByRole('dialog', { name: 'Wer hier ist' });
    const line = list.getByRole('button', { name: /Anna Albers\s*Fall F-2/ });
    await line.waitFor();
    expect(await findBarriers(bens)).toEqual([]);
    await line.click();
    await bens.getByRole('complementary', { name: 'Einzelheiten: Fall F-2' }).waitFor();
    expect(bens.url()).not.toContain('F-2');
    await list.waitFor({ state: 'detached' });
  });

  it('an editor counts as having the case open; whoever leaves is gone', async () => {
    await annas.getByRole('button', { name: 'Seitenbereich schließen' }).click();
    await cellOf(annas, 'F-1', 'note').dblclick();
    await others(bens, 'Anna Albers').click();
    await bens
      .getByRole('dialog')
      .getByRole('button', { name: /Anna Albers\s*Fall F-1\s*bearbeitet/ })
      .waitFor();
    await annas.context().close();
    await others(bens, 'Anna Albers').waitFor({ state: 'detached', timeout: 30_000 });
  });
});
