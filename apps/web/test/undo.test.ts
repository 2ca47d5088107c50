import { eventually } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cellOf, doneBox } from './case-list.ts';
import { openDesk } from './desk.ts';

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

describe('undo and redo', () => {
  let page: Page;

  beforeEach(async () => {
    await cluster.sql('delete from records');
    await cases.add('F-1', 'F-2');
    page = await browser.open(cluster, anna);
    await cellOf(page, 'F-1', 'caseId').focus();
  });
  afterEach(async () => {
    await page?.context().close();
  });

  const message = (text: RegExp) => page.getByRole('alert').filter({ hasText: text });
  const expectDone = (caseId: string, isDone: boolean) =>
    eventually(async () => expect(await cases.stored(caseId, 'done')).toEqual([isDone, isDone]));

  it('Z takes back what was done last, ⇧Z does it again, and both say what', async () => {
    await page.keyboard.press('d');
    await expectDone('F-1', true);
    await page.keyboard.press('z');
    await message(/Rückgängig gemacht.*Fall F-1: wieder offen/s).waitFor();
    await expectDone('F-1', false);
    expect(await doneBox(page, 'F-1').isChecked()).toBe(false);
    await page.keyboard.press('Shift+Z');
    await message(/Wiederholt.*Fall F-1: wieder erledigt/s).waitFor();
    await expectDone('F-1', true);
  });

  it('right after a click, before its answer, it leaves the case as it was', async () => {
    await page.keyboard.press('d');
    await page.keyboard.press('z');
    await message(/Fall F-1: wieder offen/).waitFor();
    await expectDone('F-1', false);
  });

  it('Ctrl+Z takes back a note, but belongs to the text while one is typed', async () => {
    await cellOf(page, 'F-2', 'note').dblclick();
    const editor = page.getByRole('textbox', { name: /^Notiz bearbeiten/ });
    await editor.fill('Rückfrage');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await cases.stored('F-2', 'note')).toEqual(['Rückfrage', 'Rückfrage']));
    await cellOf(page, 'F-2', 'note').dblclick();
    await editor.pressSequentially('z');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Escape');
    await editor.waitFor({ state: 'detached' });
    expect(await cases.stored('F-2', 'note')).toEqual(['Rückfrage', 'Rückfrage']);
    await page.keyboard.press('Control+z');
    await message(/Fall F-2: Notiz wieder leer/).waitFor();
    await eventually(async () => expect(await cases.stored('F-2', 'note')).toEqual([null, null]));
  });

  it('R2.1 what a colleague has changed since stays, and they are named', async () => {
    await page.keyboard.press('d');
    await expectDone('F-1', true);
    await cases.editAs(ben, 'F-1', { done: false });
    await cases.editAs(ben, 'F-1', { done: true });
    await cases.editAs(ben, 'F-1', { done: false });
    await eventually(async () => expect(await doneBox(page, 'F-1').isChecked()).toBe(false));
    await page.keyboard.press('z');
    await message(/Nicht rückgängig gemacht.*Ben Brandt hat Fall F-1 am .* geändert/s).waitFor();
    expect(await cases.stored('F-1', 'done')).toEqual([false, false]);
  });

  it('with letter shortcuts off, keys that are no letters work all the same, as the account page says', async () => {
    await page.evaluate(() => localStorage.setItem('meldesync.letter-shortcuts', 'off'));
    await page.reload();
    await cellOf(page, 'F-1', 'done').focus();
    await page.keyboard.press('Space');
    await expectDone('F-1', true);
    await page.keyboard.press('z');
    await page.keyboard.press('d');
    await page.keyboard.press('F2');
    await page.getByRole('textbox').last().waitFor();
    await page.keyboard.press('Escape');
    expect(await cases.stored('F-1', 'done')).toEqual([true, true]);
    await page.keyboard.press('Control+z');
    await expectDone('F-1', false);
    await page.goto(`${cluster.url()}/w/${cluster.workspace}/account`);
    await page.getByText('Alle anderen Tasten wirken weiter').waitFor();
  });

  it('without anything to take back it says so', async () => {
    await page.keyboard.press('z');
    await message(/Es gibt nichts rückgängig zu machen/).waitFor();
    await page.keyboard.press('Control+y');
    await message(/Es gibt nichts zu wiederholen/).waitFor();
  });
});
