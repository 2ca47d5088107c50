import { type Cluster, eventually, startCluster } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { startBrowser, type TestBrowser } from './browser.ts';

describe('who is here', { timeout: 60_000 }, () => {
  let cluster: Cluster;
  let browser: TestBrowser;
  let annas: Page;
  let bens: Page;

  beforeAll(async () => {
    cluster = await startCluster({ web: true });
    browser = await startBrowser();
    const membership = { workspace: cluster.workspace, role: 'editor' } as const;
    const anna = await cluster.addPerson('Anna Albers', membership);
    const ben = await cluster.addPerson('Ben Brandt', membership);
    for (let number = 1; number <= 2; number++) {
      await cluster.addRecords(1, { first: number * 2, artDerDaten: 'G', caseId: `F-${number}` });
      await cluster.addRecords(1, { first: number * 2 + 1, artDerDaten: 'C', caseId: `F-${number}` });
    }
    annas = await browser.open(cluster, anna, { node: 0 });
    bens = await browser.open(cluster, ben, { node: 1, colorScheme: 'dark' });
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  const cellOf = (page: Page, caseId: string, column = 'caseId') =>
    page.getByRole('row').filter({ hasText: caseId }).locator(`[data-col=${column}]`);
  const others = (page: Page, names: string) =>
    page.getByRole('banner').getByRole('button', { name: `Auch hier: ${names}` });

  it('shows the others in the header, and none of oneself', async () => {
    await others(annas, 'Ben Brandt').waitFor();
    await others(bens, 'Anna Albers').waitFor();
    expect(await findBarriers(bens)).toEqual([]);
  });

  it('shows in the row and in the panel who has the case open, until they close it', async () => {
    await cellOf(annas, 'F-2').click();
    await eventually(async () =>
      expect(await cellOf(bens, 'F-2').textContent()).toContain('Auch geöffnet von Anna Albers'),
    );
    await cellOf(bens, 'F-2').click();
    for (const [page, name] of [
      [annas, 'Ben Brandt'],
      [bens, 'Anna Albers'],
    ] as const) {
      await page.getByRole('complementary').getByText(`Auch geöffnet von ${name}`).waitFor();
    }
    expect(await findBarriers(bens)).toEqual([]);
    await bens.getByRole('button', { name: 'Seitenbereich schließen' }).click();
    await eventually(async () => expect(await cellOf(annas, 'F-2').textContent()).not.toContain('Ben Brandt'));
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
    await cellOf(annas, 'F-1', 'note').click();
    await others(bens, 'Anna Albers').click();
    await bens
      .getByRole('dialog')
      .getByRole('button', { name: /Anna Albers\s*Fall F-1\s*bearbeitet/ })
      .waitFor();
    await annas.context().close();
    await others(bens, 'Anna Albers').waitFor({ state: 'detached', timeout: 30_000 });
  });
});
