import { eventually } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { caseIds, cellOf, rowOf } from './case-list.ts';
import { openDesk } from './desk.ts';
import { Line } from './line.ts';

/** More records than one edit may hold. */
const MANY_CASES = 260;

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

describe('selecting cases and changing them at once', () => {
  let page: Page;

  beforeEach(async () => {
    await cluster.sql('delete from records');
    await cases.add('F-1', 'F-2', 'F-3', 'F-4');
    await cases.addIncomplete('F-5');
    page = await browser.open(cluster, anna);
    await rowOf(page, 'F-5').waitFor();
  });
  afterEach(async () => {
    await page?.context().close();
  });

  const bar = () => page.getByRole('group', { name: 'Ausgewählte Fälle' });
  const message = (text: RegExp) => page.getByRole('alert').filter({ hasText: text });
  const selected = async (): Promise<string[]> => {
    const texts = await page.locator('[role=row][aria-selected=true]').allInnerTexts();
    return texts.flatMap((text) => /F-\d+/.exec(text)?.[0] ?? []).toSorted();
  };
  const doneCases = async (): Promise<unknown[]> =>
    (await cluster.sql('select case_id from records group by case_id having bool_and(done) order by case_id')).map(
      (row) => row['case_id'],
    );

  it('by keyboard: X and ⇧X, the bar, Escape; everything without barriers', async () => {
    await cellOf(page, 'F-1', 'caseId').focus();
    await page.keyboard.press('x');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+X');
    await bar().getByText('3 ausgewählt').waitFor();
    expect(await selected()).toEqual(['F-1', 'F-2', 'F-3']);
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('x');
    expect(await selected()).toEqual(['F-1', 'F-2']);
    await page.keyboard.press('Escape');
    await bar().waitFor({ state: 'detached' });
    expect(await selected()).toEqual([]);
  });

  it('by mouse: a range with shift, all that the filter shows with the box above', async () => {
    await cellOf(page, 'F-2', 'select').click();
    await cellOf(page, 'F-4', 'select')
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    expect(await selected()).toEqual(['F-2', 'F-3', 'F-4']);
    // Of nothing but the list's own cells a click opens the panel.
    expect(await page.getByRole('complementary').count()).toBe(0);
    const all = page.getByRole('checkbox', { name: 'Alle gezeigten Fälle auswählen' });
    expect(await all.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true);
    await all.click();
    await bar().getByText('5 ausgewählt').waitFor();
    await all.click();
    await bar().waitFor({ state: 'detached' });
  });

  it('R3.3 a range over rows that are held takes each case as it is now', async () => {
    await cellOf(page, 'F-1', 'select').click();
    await cluster.sql(`delete from records where case_id = 'F-2'`);
    await cluster.sql(`update records set case_id = 'F-3' where case_id = 'F-5'`);
    await cases.add('F-0');
    await page.getByRole('button', { name: '1 neuer Fall – anzeigen' }).waitFor();
    await rowOf(page, 'F-2').waitFor({ state: 'detached' });
    await cellOf(page, 'F-4', 'select').click({ modifiers: ['Shift'] });
    await bar().getByText('3 ausgewählt').waitFor();
    await bar().getByRole('button', { name: 'Als erledigt markieren' }).click();
    await message(/3 Fälle erledigt/).waitFor();
    expect(await cases.stored('F-3', 'done')).toEqual([true, true, true]);
  });

  it('R3.3 the box above takes what is shown, not what waits to be', async () => {
    await cellOf(page, 'F-1', 'caseId').focus();
    await cases.add('F-6');
    await cluster.sql(`delete from records where case_id = 'F-2'`);
    await page.getByRole('button', { name: '1 neuer Fall – anzeigen' }).waitFor();
    await rowOf(page, 'F-2').waitFor({ state: 'detached' });
    const all = page.getByRole('checkbox', { name: 'Alle gezeigten Fälle auswählen' });
    await all.click();
    await bar().getByText('4 ausgewählt').waitFor();
    expect(await all.isChecked()).toBe(true);
    expect(await selected()).toEqual(['F-1', 'F-3', 'F-4', 'F-5']);
  });

  it('R4.4 without a connection one action after the other is taken, and sent later', async () => {
    const line = new Line();
    await line.watch(page);
    await cellOf(page, 'F-1', 'select').click();
    await line.cut();
    await page
      .getByRole('banner')
      .getByRole('button', { name: /verbinde/ })
      .waitFor();
    await bar().getByRole('button', { name: 'Als erledigt markieren' }).click();
    expect(await bar().getByLabel('wird gespeichert …').count()).toBe(0);
    await bar().getByRole('button', { name: 'Zuständig …' }).click();
    await page.getByRole('option', { name: /Ben Brandt/ }).click();
    await eventually(async () => expect(await cellOf(page, 'F-1', 'assignee').innerText()).toContain('Ben Brandt'));
    line.mend();
    await eventually(async () => expect(await cases.stored('F-1', 'assignee')).toEqual([ben.id, ben.id]), 40_000);
    expect(await cases.stored('F-1', 'done')).toEqual([true, true]);
  });

  it('R3.3 the selection survives filter, sort and live changes; what is gone leaves it', async () => {
    await cellOf(page, 'F-2', 'select').click();
    await cellOf(page, 'F-5', 'select').click();
    await page.getByRole('button', { name: 'vollständig', exact: true }).click();
    await bar().getByText('2 ausgewählt').waitFor();
    await bar().getByText('1 davon nicht gezeigt').waitFor();
    await page.getByRole('button', { name: 'Fall', exact: true }).click();
    await page.getByRole('button', { name: 'Fall', exact: true }).click();
    await cases.editAs(ben, 'F-2', { note: 'von Ben' });
    await cases.add('F-6');
    await page.getByRole('button', { name: '1 neuer Fall – anzeigen' }).click();
    await eventually(async () => expect(await caseIds(page)).toEqual(['F-6', 'F-4', 'F-3', 'F-2', 'F-1']));
    expect(await selected()).toEqual(['F-2']);
    await page.getByRole('button', { name: 'alle', exact: true }).click();
    await eventually(async () => expect(await selected()).toEqual(['F-2', 'F-5']));
    await cluster.sql(`delete from records where case_id = 'F-2'`);
    await bar().getByText('1 ausgewählt').waitFor();
    expect(await selected()).toEqual(['F-5']);
  });

  it('marks done what may be, says how many were not and why, and takes it all back at once', async () => {
    await cluster.sql(`update records set done = true where case_id = 'F-1'`);
    await eventually(async () => expect(await doneCases()).toEqual(['F-1']));
    await page.getByRole('checkbox', { name: 'Alle gezeigten Fälle auswählen' }).click();
    await bar().getByRole('button', { name: 'Als erledigt markieren' }).click();
    const told = message(/3 Fälle erledigt/);
    await told.waitFor();
    expect(await told.innerText()).toMatch(/1 Fall war schon so\.\s+1 Fall nicht: Nur ein vollständiger Fall/);
    expect(await doneCases()).toEqual(['F-1', 'F-2', 'F-3', 'F-4']);
    expect(await findBarriers(page)).toEqual([]);
    await told.getByRole('button', { name: 'Rückgängig' }).click();
    await message(/3 Fälle: wieder offen/).waitFor();
    expect(await doneCases()).toEqual(['F-1']);
  });

  it('gives the selected cases to a colleague', async () => {
    await cellOf(page, 'F-1', 'select').click();
    await cellOf(page, 'F-3', 'select').click();
    await bar().getByRole('button', { name: 'Zuständig …' }).click();
    await page.keyboard.type('Ben');
    await page.keyboard.press('Enter');
    await message(/2 Fälle: Ben Brandt/).waitFor();
    expect(await cases.stored('F-3', 'assignee')).toEqual([ben.id, ben.id]);
    await eventually(async () =>
      expect(
        await bar()
          .getByRole('button', { name: 'Zuständig …' })
          .evaluate((b) => b === document.activeElement),
      ).toBe(true),
    );
  });

  it('R2.2 conflicts of a selection are decided one after the other, or all at once', async () => {
    const line = new Line();
    await line.watch(page);
    for (const caseId of ['F-1', 'F-2', 'F-3']) await cellOf(page, caseId, 'select').click();
    line.hold();
    await cases.editAs(ben, 'F-1', { note: 'eins' });
    await cases.editAs(ben, 'F-2', { note: 'zwei' });
    await bar().getByRole('button', { name: 'Als erledigt markieren' }).click();
    line.release();
    const dialog = page.getByRole('dialog', { name: /^Jemand war schneller/ });
    await dialog.getByRole('heading', { name: /1 von 2/ }).waitFor();
    await message(/1 Fall erledigt.*Bei 2 Fällen war jemand schneller/s).waitFor();
    await dialog.getByRole('button', { name: 'Meine Änderung verwerfen' }).click();
    await dialog.getByRole('heading', { name: /2 von 2/ }).waitFor();
    await dialog.getByRole('button', { name: 'Meine Änderung trotzdem anwenden' }).click();
    await eventually(async () => expect(await doneCases()).toEqual(['F-2', 'F-3']));
  });

  it('R2.5 a selection larger than one edit goes in several, and is taken back as a whole', async () => {
    const ids = Array.from({ length: MANY_CASES }, (_, index) => `F-${1000 + index}`);
    await cluster.addRecords(MANY_CASES, { first: 5000, artDerDaten: 'G' });
    await cluster.addRecords(MANY_CASES, { first: 6000, artDerDaten: 'C' });
    await cluster.sql(
      `update records set case_id = ids.case_id
       from (select id, 'F-' || 1000 + ((row_number() over (order by id) - 1) % $1) as case_id
             from records where case_id is null) ids
       where records.id = ids.id`,
      [MANY_CASES],
    );
    await eventually(async () =>
      expect(await page.getByLabel('Summen der gezeigten Fälle').innerText()).toContain(`${ids.length + 5} Fälle`),
    );
    await page.getByRole('checkbox', { name: 'Alle gezeigten Fälle auswählen' }).click();
    await bar().getByRole('button', { name: 'Als erledigt markieren' }).click();
    await message(/264 Fälle erledigt/).waitFor();
    expect(await doneCases()).toHaveLength(264);
    await page.keyboard.press('Control+z');
    await message(/264 Fälle: wieder offen/).waitFor();
    expect(await doneCases()).toEqual([]);
  });
});
