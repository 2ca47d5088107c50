import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alterTrail, anyEntry, entriesWith, openTrail, trailOf } from './audit-desk.ts';
import { findBarriers } from './axe.ts';
import { liveThroughDay } from './busy-day.ts';
import { cellOf } from './case-list.ts';
import { openDesk } from './desk.ts';

/** Where pictures of every state go, for people to look at; none unless it is said. */
const PICTURES = process.env['PICTURES'];

const desk = await openDesk({ nodes: 1, sealIntervalMs: 200 });
const { cluster, browser, anna, cases } = desk;
const ada = await cluster.addPerson('Ada Admin', { workspace: cluster.workspace, role: 'admin' });
const olga = await cluster.addPerson('Olga Ostermann', { workspace: cluster.workspace, role: 'auditor' });
await liveThroughDay(desk, ada);

type Look = { readonly name: string; readonly options: BrowserContextOptions };
const WIDTHS = {
  1440: { width: 1440, height: 900 },
  1280: { width: 1280, height: 720 },
  390: { width: 390, height: 844 },
};
const look = (language: 'de' | 'en', colorScheme: 'light' | 'dark', width: keyof typeof WIDTHS): Look => ({
  name: `${language}-${colorScheme}-${width}`,
  options: { locale: language === 'de' ? 'de-DE' : 'en-GB', colorScheme, viewport: WIDTHS[width] },
});
/** So many looks, in the order below; a night takes all six. */
const COUNT = Number(process.env['LOOKS'] ?? 2);
/** Names hang on the language, contrast on the theme, and what is left out on the width. */
const LOOKS = [
  look('de', 'light', 1440),
  look('en', 'dark', 390),
  look('de', 'dark', 1280),
  look('en', 'light', 390),
  look('de', 'dark', 1440),
  look('en', 'light', 1280),
].slice(0, COUNT);

describe.each(LOOKS)('$name', ({ name, options }) => {
  /** What is wrong with the states that were looked at; all of them are looked at, whatever is found. */
  let found: string[];
  beforeEach(() => {
    found = [];
  });
  afterEach(() => expect(found).toEqual([]));
  const check = async (page: Page, state: string): Promise<void> => {
    if (PICTURES) {
      await mkdir(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `${name}-${state}.png`), animations: 'disabled' });
    }
    for (const barrier of await findBarriers(page)) found.push(`${state}: ${barrier}`);
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
      found.push(`${state} is wider than the screen`);
  };
  const filters = (page: Page) => page.getByRole('group', { name: /^Filters?$/ });

  it('R5.5 the list, an entry with what changed, the filters, nothing found', async () => {
    const page = await openTrail(desk, ada, options);
    await anyEntry(page).waitFor();
    await check(page, 'list');

    for (const [index, filter] of (await filters(page).getByRole('button').all()).entries()) {
      await filter.click();
      const popover = page.getByRole('dialog');
      await popover.waitFor();
      const unfold = popover.getByRole('button', { expanded: false });
      if (await unfold.count()) await unfold.first().click();
      await check(page, `filter-${index}`);
      await page.keyboard.press('Escape');
      await popover.waitFor({ state: 'detached' });
    }

    await page.getByRole('searchbox').fill('Dienstag');
    const note = entriesWith(page, 'Dienstag').first();
    await page.getByRole('list', { name: /^(Gesetzte Filter|Filters that are set)/ }).waitFor();
    await note.click();
    await page.getByRole('complementary').locator('ins').first().waitFor();
    await check(page, 'entry');
    await page.keyboard.press('Escape');
    await page.getByRole('complementary').waitFor({ state: 'detached' });
    await page.getByRole('searchbox').fill('gibt es nicht');
    await page.getByRole('heading', { name: /^(Kein Eintrag passt|No entry fits)/ }).waitFor();
    await check(page, 'none');
    await page.context().close();
  });

  it('R5.5 what comes meanwhile, what does not come, the export', async () => {
    let way: 'all' | 'away' = 'all';
    const page = await openTrail(desk, ada, {
      ...options,
      before: (opened) => alterTrail(opened, (answer) => (way === 'all' ? answer : 'away')),
    });
    await anyEntry(page).waitFor();
    // Who is in the list is not disturbed: what comes waits.
    await page.keyboard.press('ArrowDown');
    await trailOf(page).locator('[role=row]:focus').waitFor();
    await cases.editAs(anna, 'F-2', { note: `${name} ${Date.now()}` });
    await page.getByRole('button', { name: /^\d+ (neue|new)/ }).waitFor();
    await check(page, 'waiting');
    await page.getByRole('button', { name: /^(Exportieren|Export)$/ }).click();
    await page.getByRole('menuitem').first().waitFor();
    await check(page, 'export');
    await page.keyboard.press('Escape');
    way = 'away';
    await page.getByRole('button', { name: /^(Jetzt versuchen|Try now)$/ }).waitFor();
    await check(page, 'stale');
    await page.reload();
    await page.getByRole('button', { name: /^(Erneut versuchen|Try again)$/ }).waitFor();
    await check(page, 'error');
    await page.context().close();
  });

  it('R5.2 conflicts and how they ended; the history of a record, with values to restore', async () => {
    const page = await openTrail(desk, olga, { ...options, search: '?view=conflicts' });
    await page.getByText('aus der Vergangenheit').first().waitFor();
    await check(page, 'conflicts');
    await page.context().close();

    const own = await browser.open(cluster, anna, options);
    await cellOf(own, 'F-1', 'caseId').click();
    const panel = own.getByRole('complementary');
    await panel.waitFor();
    const restore = panel.getByRole('button', { name: /^(Diesen Wert wiederherstellen|Restore this value)/ }).first();
    await restore.scrollIntoViewIfNeeded();
    await check(own, 'history');
    await panel.getByText('aus der Vergangenheit').first().scrollIntoViewIfNeeded();
    await check(own, 'history-conflicts');
    await own.context().close();
  });

  it('who may not see it', async () => {
    const page = await openTrail(desk, anna, options);
    await page.getByRole('heading', { name: /^(Das Protokoll ist|The audit trail is)/ }).waitFor();
    await check(page, 'forbidden');
    await page.context().close();
  });
});
