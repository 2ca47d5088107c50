import { eventually } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
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

it.each(['de-DE', 'en-GB'])('%s: dates, times and the box of done are whole beside the open panel', async (locale) => {
  await cases.add('F-2');
  const page = await browser.open(cluster, anna, { locale });
  await cellOf(page, 'F-2', 'status').first().click();
  const panel = page.getByRole('complementary');
  await panel.waitFor();
  await eventually(async () => expect(await cut(page, 'F-2', ['genomic', 'clinical', 'latest', 'done'])).toEqual([]));
  const done = await cellOf(page, 'F-2', 'done').boundingBox();
  expect((done?.x ?? Number.NaN) + (done?.width ?? 0)).toBeLessThanOrEqual((await panel.boundingBox())?.x ?? 0);
  await page.context().close();
  await cluster.sql(`delete from records where case_id = 'F-2'`);
});

it('who changed a half is named beside its quality control, not over it', async () => {
  const page = await browser.open(cluster, anna, { locale: 'en-GB', viewport: { width: 1280, height: 720 } });
  await page.getByRole('button', { name: /live/ }).waitFor();
  await cases.add('F-3');
  const found = await page.waitForFunction(() => {
    const name = document.querySelector('[data-col=genomic] [data-mark] > *')?.getBoundingClientRect();
    const sign = document.querySelector('[data-col=genomic]:has([data-mark]) svg')?.getBoundingClientRect();
    if (!name || !sign) return null;
    const isBeside = name.right <= sign.left || sign.right <= name.left || name.bottom <= sign.top;
    return { isBeside };
  });
  expect(await found.jsonValue()).toEqual({ isBeside: true });
  await page.context().close();
});

it('a case id is whole beside the people who have the case open', async () => {
  await cases.add('F-10004');
  const records = await cluster.sql(`select id from records where case_id = 'F-10004'`);
  const others = ['Cem Celik', 'Dora Dietz', 'Emil Ernst'];
  for (const name of others) {
    const client = cluster.client(await cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' }));
    onTestFinished(() => client.stop());
    client.start();
    client.attend(records.map(({ id }) => Number(id)));
  }
  const page = await browser.open(cluster, anna);
  await cellOf(page, 'F-10004', 'status').click();
  await page.getByRole('complementary').waitFor();
  const cell = cellOf(page, 'F-10004', 'caseId');
  for (const name of others) await cell.getByText(name).waitFor();
  expect(await cut(page, 'F-10004', ['caseId'])).toEqual([]);
  await page.context().close();
});

it('an e-mail address on a phone is broken before its @ or a dot, and within no word', async () => {
  const address = 'ida.sommerfeld@humangenetik.klinikum.uni.example';
  await cases.add('F-4');
  const ida = await cluster.addPerson('Ida Ihle', { workspace: cluster.workspace, role: 'admin' });
  const page = await browser.open(cluster, ida, { viewport: { width: 375, height: 740 } });
  await cluster.sql('update auth."user" set email = $2, is_installation_admin = true where id = $1', [ida.id, address]);
  for (const path of [
    `/w/${cluster.workspace}/account`,
    `/w/${cluster.workspace}/administration/members`,
    '/administration/accounts',
  ]) {
    await page.goto(cluster.url() + path);
    const shown = page.getByText(address, { exact: true });
    await shown.waitFor();
    const lines = await shown.evaluate((element) =>
      [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => {
          const range = document.createRange();
          range.selectNode(node);
          return { part: node.textContent, lines: range.getClientRects().length };
        }),
    );
    // It does not fit into a line, and each of its parts does.
    expect((await shown.boundingBox())?.height, path).toBeGreaterThan(30);
    expect(
      lines.filter((one) => one.lines > 1),
      path,
    ).toEqual([]);
  }
  await page.context().close();
});

/** Texts of a row's cells that end in an ellipsis, by column. */
function cut(page: Page, caseId: string, columns: readonly string[]): Promise<string[]> {
  return rowOf(page, caseId)
    .locator('[role=gridcell]')
    .evaluateAll(
      (cells, wanted) =>
        cells
          .filter((cell) => wanted.includes(cell.getAttribute('data-col') ?? ''))
          .flatMap((cell) =>
            [...cell.querySelectorAll('*')]
              .filter((part) => getComputedStyle(part).textOverflow === 'ellipsis' && part.clientWidth > 1)
              .filter((part) => part.scrollWidth > part.clientWidth)
              .map((part) => `${cell.getAttribute('data-col')}: ${part.textContent}`),
          ),
      columns,
    );
}

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
