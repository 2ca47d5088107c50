import { eventually } from '@meldesync/testkit';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { cellOf, doneBox, rowOf } from './case-list.ts';
import { type Desk, openDesk } from './desk.ts';
import { keptIn } from './kept.ts';
import { Line } from './line.ts';

/** Every letter that is a command somewhere, in the order in which they would do the most. */
const LETTERS = ['d', 'z', 'Shift+Z', 'x', 'Shift+X', 'e', 'g', 'i', 'g', 'k'];

/** A desk at which each test begins with Anna's page of three cases, and what the tests of typing look at there. */
export interface TypingDesk extends Desk {
  /** Anna, signed in: what a context begins with. */
  readonly signedIn: () => BrowserContextOptions;
  readonly page: () => Page;
  readonly line: () => Line;
  /** Does something that `Z` would take back. */
  readonly doSomething: () => Promise<void>;
  /** Presses all letters there are; nothing of the data, the selection or the page may change. */
  readonly expectLettersToDoNothing: (after: string) => Promise<void>;
}

/** Sets the desk for a file of tests, and the page anew for each of them. */
export async function openTypingDesk(): Promise<TypingDesk> {
  const desk = await openDesk({ nodes: 1 });
  const { cluster, browser, anna, cases } = desk;
  let signedIn: BrowserContextOptions;
  let page: Page;
  let line: Line;

  beforeAll(async () => {
    await cases.add('F-1');
    const context = (await browser.open(cluster, anna)).context();
    signedIn = { storageState: await context.storageState() };
    await context.close();
  });
  beforeEach(async () => {
    await cluster.sql('delete from records');
    await cases.add('F-1', 'F-2', 'F-3');
    page = await (await browser.context(signedIn)).newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(cluster.url());
    await rowOf(page, 'F-3').waitFor();
    line = new Line();
  });
  afterEach(async () => {
    await page?.context().close();
  });

  return {
    ...desk,
    signedIn: () => signedIn,
    page: () => page,
    line: () => line,
    async doSomething() {
      await cellOf(page, 'F-3', 'caseId').focus();
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('d');
      await eventually(async () => expect(await cases.stored('F-3', 'done')).toEqual([true, true]));
      await eventually(async () => expect(await doneBox(page, 'F-3').getAttribute('data-pending')).toBeNull());
    },
    async expectLettersToDoNothing(after) {
      const seen = async () => ({
        after,
        path: new URL(page.url()).pathname,
        pending: await page.locator('[data-pending]').count(),
        selected: await page.locator('[role=row][aria-selected=true]').count(),
        editing: await page.locator('[role=row][data-editing]').count(),
        waiting: (await keptIn(page, 'edits')).length,
        ...(await cluster.sql('select count(*) as changes from changes'))[0],
      });
      const before = await seen();
      expect(before).toMatchObject({ pending: 0, selected: 0, editing: 0, waiting: 0 });
      for (const letter of LETTERS) await page.keyboard.press(letter);
      expect(await seen()).toEqual(before);
    },
  };
}

/** What a page shows of a case beside the list. */
export function panelOf(page: Page, caseId: string) {
  return page.getByRole('complementary', { name: `Einzelheiten: Fall ${caseId}` });
}

/** The name of what has the focus; empty when it has none. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
}
