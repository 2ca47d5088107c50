import { eventually } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { caseIds, cellOf, doneBox, rowOf } from './case-list.ts';
import { openDesk } from './desk.ts';

const FIRST = ['F-11', 'F-12', 'F-13', 'F-14', 'F-15'];

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

describe('rows under the hand (R3.3)', () => {
  /** Anna's. */
  let page: Page;
  /** Ben's. */
  let other: Page;

  beforeAll(async () => {
    await cases.add(...FIRST);
    other = await browser.open(cluster, ben);
  });

  beforeEach(async () => {
    await cluster.sql('delete from records');
    await cases.add(...FIRST);
    page = await browser.open(cluster, anna);
    await page.getByRole('button', { name: 'offen', exact: true }).click();
    await eventually(async () => expect(await caseIds(page)).toEqual(FIRST));
    await doneBox(other, 'F-11').waitFor();
  });
  afterEach(async () => {
    await page?.context().close();
  });

  const isStale = (caseId: string) =>
    eventually(async () => expect(await rowOf(page, caseId).getAttribute('data-stale')).toBe('true'));
  const waiting = (count: number) =>
    page.getByRole('button', { name: count === 1 ? '1 neuer Fall – anzeigen' : `${count} neue Fälle – anzeigen` });
  const leave = () => page.mouse.move(700, 20);

  it('cases marked done one after the other with the mouse stay until the pointer leaves the list', async () => {
    for (const caseId of ['F-11', 'F-12', 'F-13']) {
      await doneBox(page, caseId).click();
      await eventually(async () => expect(await cases.stored(caseId, 'done')).toEqual([true, true]));
      await isStale(caseId);
      expect(await caseIds(page)).toEqual(FIRST);
    }
    await leave();
    await page.getByRole('searchbox').click();
    await eventually(async () => expect(await caseIds(page)).toEqual(['F-14', 'F-15']));
  });

  it('by keyboard the row goes when it is left, and only that row', async () => {
    await cellOf(page, 'F-11', 'caseId').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('d');
    await isStale('F-12');
    await cases.add('F-10');
    await doneBox(other, 'F-14').click();
    await isStale('F-14');
    await waiting(1).waitFor();
    expect(await caseIds(page)).toEqual(FIRST);
    await page.keyboard.press('ArrowDown');
    await eventually(async () => expect(await caseIds(page)).toEqual(['F-11', 'F-13', 'F-14', 'F-15']));
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('F-13');
    expect(await waiting(1).isVisible()).toBe(true);
  });

  it('a colleague’s change never moves the row under the cursor; it says what it is now', async () => {
    await rowOf(page, 'F-13').hover();
    const before = await rowOf(page, 'F-13').boundingBox();
    await doneBox(other, 'F-11').click();
    await doneBox(other, 'F-13').click();
    await cases.add('F-10');
    await isStale('F-13');
    await waiting(1).waitFor();
    expect(await rowOf(page, 'F-13').boundingBox()).toEqual(before);
    expect(await doneBox(page, 'F-13').isChecked()).toBe(true);
    await leave();
    await eventually(async () => expect(await caseIds(page)).toEqual(['F-10', 'F-12', 'F-14', 'F-15']));
  });

  it('new cases wait above the list, over none of its rows, until they are asked for', async () => {
    await cellOf(page, 'F-12', 'caseId').focus();
    await cases.add('F-10', 'F-16');
    await waiting(2).waitFor();
    expect(await caseIds(page)).toEqual(FIRST);
    const pill = await waiting(2).boundingBox();
    const first = await page.locator('[role=row][data-line]').first().boundingBox();
    expect((pill?.y ?? 0) + (pill?.height ?? 0)).toBeLessThan(first?.y ?? 0);
    await waiting(2).press('Enter');
    await eventually(async () => expect(await caseIds(page)).toEqual(['F-10', ...FIRST, 'F-16']));
    await eventually(async () =>
      expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('F-12'),
    );
  });

  it('the last case of a filter stays as well, and what is typed in an editor above moving rows', async () => {
    await page.getByRole('searchbox').fill('F-12');
    await eventually(async () => expect(await caseIds(page)).toEqual(['F-12']));
    await doneBox(page, 'F-12').click();
    await isStale('F-12');
    expect(await caseIds(page)).toEqual(['F-12']);
    await page.getByRole('searchbox').fill('');
    await eventually(async () => expect(await caseIds(page)).toEqual(['F-11', 'F-13', 'F-14', 'F-15']));
    await cellOf(page, 'F-13', 'note').dblclick();
    const editor = page.getByRole('textbox', { name: /^Notiz bearbeiten/ });
    await editor.fill('halb');
    await doneBox(other, 'F-11').click();
    await cases.add('F-10');
    await waiting(1).waitFor();
    await editor.pressSequentially(' fertig');
    expect(await editor.inputValue()).toBe('halb fertig');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await cases.stored('F-13', 'note')).toEqual(['halb fertig', 'halb fertig']));
  });

  it('the place in a long list stays while rows come above it', async () => {
    await cases.add(...Array.from({ length: 60 }, (_, index) => `F-${100 + index}`));
    await eventually(async () =>
      expect(await page.getByLabel('Summen der gezeigten Fälle').innerText()).toContain('65 Fälle'),
    );
    await leave();
    await page.getByRole('grid').evaluate((grid) => {
      if (grid.parentElement) grid.parentElement.scrollTop = 800;
    });
    await rowOf(page, 'F-130').waitFor();
    const before = await rowOf(page, 'F-130').boundingBox();
    await cases.add('F-10', 'F-9');
    await eventually(async () =>
      expect(await page.getByLabel('Summen der gezeigten Fälle').innerText()).toContain('67 Fälle'),
    );
    await eventually(async () => expect(await rowOf(page, 'F-130').boundingBox()).toEqual(before));
  });

  it('a case whose records went to another says so where it stood, and nothing in its row edits the other', async () => {
    await cellOf(page, 'F-14', 'caseId').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await cluster.sql(`update records set case_id = 'F-11' where case_id = 'F-14'`);
    const left = page.locator('[role=row][data-line]').filter({ hasText: 'F-14' });
    await left.getByText('gehört jetzt zu Fall F-11').waitFor();
    expect(await page.getByRole('checkbox', { name: 'Fall F-11 erledigt' }).count()).toBe(1);
    expect(await left.getByRole('checkbox').count()).toBe(0);
    expect(await findBarriers(page)).toEqual([]);
    for (const key of ['d', 'e', 'x', 'Enter']) await page.keyboard.press(key);
    await left.locator('[data-col=note]').dblclick();
    await left.locator('[data-col=done]').click();
    await left.locator('[data-col=select]').click();
    expect(await page.locator('[data-pending], [data-editing], [aria-selected=true]').count()).toBe(0);
    expect(await page.getByRole('complementary').count()).toBe(0);
    expect(await cases.stored('F-11', 'done')).toEqual([false, false, false, false]);
    await page.keyboard.press('ArrowDown');
    await left.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.closest('[role=row]')?.textContent)).toContain('F-15');
  });

  it('the focus stays in the row when the box in it that had the focus goes', async () => {
    await doneBox(page, 'F-12').focus();
    await cluster.sql(`update records set case_id = 'F-11' where case_id = 'F-12'`);
    await page.getByText('gehört jetzt zu Fall F-11').waitFor();
    const column = () => page.evaluate(() => document.activeElement?.getAttribute('data-col'));
    await eventually(async () => expect(await column()).toBe('done'));
    await page.keyboard.press('ArrowLeft');
    await eventually(async () => expect(await column()).toBe('latest'));
  });

  it('a case of which one record went to another shows what it has left', async () => {
    await rowOf(page, 'F-15').hover();
    await cluster.sql(
      `update records set case_id = 'F-11' where id = (select max(id) from records where case_id = 'F-13')`,
    );
    await cellOf(page, 'F-13', 'status').getByText('nur genomisch').waitFor();
    await doneBox(page, 'F-11').click();
    await eventually(async () => expect(await cases.stored('F-11', 'done')).toEqual([true, true, true]));
    expect(await cases.stored('F-13', 'done')).toEqual([false]);
  });

  it('the list is filled in every frame while a colleague’s import brings thousands of rows above', async () => {
    const many = 2_000;
    await cases.add(...Array.from({ length: 60 }, (_, index) => `F-${100 + index}`));
    await cluster.addRecords(many, { first: 20_000, artDerDaten: 'G' });
    await page.getByRole('button', { name: 'Fall', exact: true }).click();
    await eventually(async () =>
      expect(await page.getByLabel('Summen der gezeigten Fälle').innerText()).toContain(`2.000 ohne Fallnummer`),
    );
    await page.getByRole('grid').evaluate((grid) => {
      if (grid.parentElement) grid.parentElement.scrollTop = 800;
    });
    await cellOf(page, 'F-130', 'status').click();
    await page.getByRole('complementary').hover();
    await page.getByRole('button', { name: 'Seitenbereich schließen' }).focus();
    await page.evaluate(watchFrames);
    for (let first = 0; first < many; first += 250) {
      await cluster.sql(
        `update records set case_id = 'A-' || id where id in (select id from records where case_id is null order by id limit 250)`,
      );
    }
    await eventually(async () =>
      expect(await page.getByLabel('Summen der gezeigten Fälle').innerText()).toContain(`2.065 Fälle`),
    );
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const frames = await page.evaluate(() => (window as unknown as { frames: Frame[] }).frames);
    expect(new Set(frames.map(({ count }) => count)).size).toBeGreaterThan(1);
    expect(frames.filter(({ empty }) => empty > 0)).toEqual([]);
    expect(await rowOf(page, 'F-130').isVisible()).toBe(true);
  });
});

interface Frame {
  /** Lines of the list. */
  readonly count: number;
  /** Of the places looked at down the list, those where nothing was drawn. */
  readonly empty: number;
}

/** Notes after each frame that was painted what stands in the list, in `window.frames`. Runs in the page. */
function watchFrames(): void {
  const frames: Frame[] = [];
  Object.assign(window, { frames });
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => {
    const grid = document.querySelector('[role=grid]');
    const list = grid?.parentElement?.getBoundingClientRect();
    if (!grid || !list) return;
    const lines = [...grid.querySelectorAll('[role=rowgroup] > [role=row]')].map((line) =>
      line.getBoundingClientRect(),
    );
    const places = Array.from({ length: 10 }, (_, index) => list.top + 60 + ((list.height - 80) * index) / 9);
    const empty = places.filter((place) => !lines.some(({ top, bottom }) => top <= place && place <= bottom)).length;
    frames.push({ count: Number(grid.getAttribute('aria-rowcount')), empty });
  });
  port1.start();
  const onFrame = (): void => {
    port2.postMessage(null);
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
}
