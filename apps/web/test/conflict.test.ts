import { eventually } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { lookAway } from './browser.ts';
import { type CaseList, cellOf, doneBox } from './case-list.ts';
import { openDesk } from './desk.ts';
import { Line } from './line.ts';

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

describe('two people change the same case', () => {
  let page: Page;
  let line: Line;

  beforeEach(async () => {
    await cluster.sql('delete from records');
    await cases.add('F-1', 'F-2', 'F-3');
    await cluster.sql(`update records set note = 'Rückfrage am Montag' where case_id = 'F-2'`);
    line = new Line();
    page = await browser.open(cluster, anna, { line });
    await doneBox(page, 'F-2').waitFor();
  });
  afterEach(async () => {
    await page?.context().close();
  });

  const dialog = () => page.getByRole('dialog', { name: /^Jemand war schneller/ });
  const applyMine = async () => {
    await dialog()
      .getByRole('radio', { name: /meine erneut anwenden/ })
      .check();
    await dialog().getByRole('button', { name: 'Auswahl anwenden' }).click();
  };
  const message = (text: RegExp) => page.getByRole('alert').filter({ hasText: text });
  /** How the conflicts of this test ended. */
  const resolutions = async () => {
    const ids = new Set((await cluster.sql('select id from records')).map(({ id }) => Number(id)));
    const { conflicts } = await cluster.api(anna).conflicts(cluster.workspace, { state: 'all' });
    return conflicts
      .filter(({ record }) => ids.has(record))
      .map(({ resolved }) => resolved?.resolution ?? 'open')
      .toSorted((a, b) => a.localeCompare(b));
  };
  /** Anna writes a note while Ben, of whom she sees nothing yet, saves another. */
  const bothWriteNotes = async () => {
    line.hold();
    await cases.editAs(ben, 'F-2', { note: 'Rückfrage am Dienstag' });
    await cellOf(page, 'F-2', 'note').dblclick();
    await page.getByRole('textbox', { name: /^Notiz bearbeiten/ }).fill('Rückfrage am Montag, dringend');
    await page.keyboard.press('Enter');
    line.release();
    await dialog().waitFor();
  };
  const bothMarkDone = async (set: Parameters<CaseList['editAs']>[2]) => {
    line.hold();
    await cases.editAs(ben, 'F-2', set);
    await doneBox(page, 'F-2').click();
    line.release();
  };

  it('R2.1 R2.2 the second is shown who was first, what it was, is and should have been; theirs stays', async () => {
    await bothWriteNotes();
    expect(await dialog().innerText()).toMatch(
      /Ben Brandt hat am \d\d\.\d\d\.\d\d um \d\d:\d\d geändert, woran Sie gearbeitet haben: Fall F-2\./,
    );
    const note = dialog().getByRole('radiogroup', { name: 'Notiz' });
    const versions = await note.getByRole('group', { name: 'Notiz' }).allInnerTexts();
    expect(versions).toEqual(['Rückfrage am Montag', 'Rückfrage am MontagDienstag', 'Rückfrage am Montag, dringend']);
    // Nothing of it is on the screen as if it were saved.
    expect(await cellOf(page, 'F-2', 'note').innerText()).toContain('Rückfrage am Dienstag');
    expect(await note.getByRole('radio', { name: /ihre übernehmen/ }).isChecked()).toBe(true);
    await dialog().getByRole('button', { name: 'Auswahl anwenden' }).click();
    await dialog().waitFor({ state: 'detached' });
    await eventually(async () => expect(await resolutions()).toEqual(['kept-theirs', 'kept-theirs']));
    expect(await cases.stored('F-2', 'note')).toEqual(['Rückfrage am Dienstag', 'Rückfrage am Dienstag']);
  });

  it('R2.2 R5.2 mine is applied again by keyboard alone, and the focus is back where it was', async () => {
    await bothWriteNotes();
    await eventually(async () => expect(await focusName(page)).toBe('Notiz: ihre übernehmen'));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await eventually(async () =>
      expect(await cases.stored('F-2', 'note')).toEqual([
        'Rückfrage am Montag, dringend',
        'Rückfrage am Montag, dringend',
      ]),
    );
    expect(await resolutions()).toEqual(['reapplied', 'reapplied']);
    await eventually(async () =>
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-col'))).toBe('note'),
    );
  });

  it('R2.2 what does not overlap is offered as one click, never merged unasked', async () => {
    await bothMarkDone({ assignee: ben.id });
    await dialog().getByText('widersprechen sich nicht').waitFor();
    expect(await dialog().getByRole('radio').count()).toBe(0);
    expect(await cases.stored('F-2', 'done')).toEqual([false, false]);
    expect(await doneBox(page, 'F-2').isChecked()).toBe(false);
    await dialog().getByRole('button', { name: 'Meine Änderung trotzdem anwenden' }).click();
    await eventually(async () => expect(await cases.stored('F-2', 'done')).toEqual([true, true]));
    expect(await cases.stored('F-2', 'assignee')).toEqual([ben.id, ben.id]);
    expect(await resolutions()).toEqual(['reapplied', 'reapplied']);
  });

  it('R2.2 who wanted the same is told in a message and asked nothing', async () => {
    await bothMarkDone({ done: true });
    await message(/Schon so gespeichert.*Ben Brandt hat Fall F-2 gerade ebenso geändert/s).waitFor();
    expect(await dialog().count()).toBe(0);
    await eventually(async () => expect(await resolutions()).toEqual(['kept-theirs', 'kept-theirs']));
    expect(await doneBox(page, 'F-2').isChecked()).toBe(true);
  });

  it('R5.2 closing the dialog loses nothing: the conflict waits, and can be opened and decided on every page', async () => {
    await bothWriteNotes();
    await page.mouse.click(5, 890);
    expect(await dialog().isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await message(/Ein Konflikt wartet/).waitFor();
    expect(await resolutions()).toEqual(['open', 'open']);
    await page.getByRole('link', { name: 'Importe' }).click();
    await page.getByRole('button', { name: '1 Konflikt wartet' }).click();
    // It is no longer so.
    await message(/Ein Konflikt wartet/).waitFor({ state: 'detached' });
    await applyMine();
    await eventually(async () => expect(await resolutions()).toEqual(['reapplied', 'reapplied']));
    await page.getByRole('button', { name: /wartet/ }).waitFor({ state: 'detached' });
    // What led to the dialog is gone; keys do not begin at the top of the page.
    await eventually(async () => expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN'));
  });

  it('R5.2 a reload asks again about what is undecided, over the case as it stands now', async () => {
    await bothWriteNotes();
    await page.goto('about:blank');
    await cases.editAs(ben, 'F-2', { note: 'Rückfrage am Mittwoch' });
    await page.goto(cluster.url());
    await dialog().waitFor();
    expect(await dialog().innerText()).toContain('Mittwoch');
    await applyMine();
    await eventually(async () =>
      expect(await cases.stored('F-2', 'note')).toEqual([
        'Rückfrage am Montag, dringend',
        'Rückfrage am Montag, dringend',
      ]),
    );
    expect(await resolutions()).toEqual(['reapplied', 'reapplied']);
    await dialog().waitFor({ state: 'detached' });
  });

  it('an undecided conflict is asked about in one page, and in another when that one is closed', async () => {
    await bothWriteNotes();
    const other = await page.context().newPage();
    await other.goto(cluster.url());
    await doneBox(other, 'F-2').waitFor();
    const otherDialog = other.getByRole('dialog', { name: /^Jemand war schneller/ });
    await other.waitForTimeout(1_000);
    expect(await otherDialog.count()).toBe(0);
    await page.close();
    await otherDialog.waitFor();
    await otherDialog.getByRole('button', { name: 'Auswahl anwenden' }).click();
    await eventually(async () => expect(await resolutions()).toEqual(['kept-theirs', 'kept-theirs']));
    page = other;
  });

  it('a case that was deleted meanwhile leaves nothing to ask', async () => {
    await bothWriteNotes();
    await page.goto('about:blank');
    await cluster.sql(`delete from records where case_id = 'F-2'`);
    await page.goto(cluster.url());
    await doneBox(page, 'F-1').waitFor();
    await page.waitForLoadState('networkidle');
    expect(await dialog().count()).toBe(0);
  });

  it('R2.1 a decision that meets a newer change is asked for again', async () => {
    await bothWriteNotes();
    await cases.editAs(ben, 'F-2', { note: 'Rückfrage am Mittwoch' });
    await applyMine();
    await dialog().getByText('inzwischen noch einmal geändert').waitFor();
    expect(await dialog().innerText()).toContain('Mittwoch');
    expect(await cases.stored('F-2', 'note')).toEqual(['Rückfrage am Mittwoch', 'Rückfrage am Mittwoch']);
    await applyMine();
    await eventually(async () =>
      expect(await cases.stored('F-2', 'note')).toEqual([
        'Rückfrage am Montag, dringend',
        'Rückfrage am Montag, dringend',
      ]),
    );
    expect(await resolutions()).toEqual(['reapplied', 'reapplied', 'superseded', 'superseded']);
  });

  it('the dialog waits until someone has finished typing', async () => {
    line.hold();
    await cases.editAs(ben, 'F-2', { assignee: ben.id });
    await doneBox(page, 'F-2').click();
    await page.keyboard.press('/');
    await page.keyboard.type('F-');
    line.release();
    await message(/noch nicht übernommen/).waitFor();
    await page.keyboard.type('2');
    expect(await page.getByRole('searchbox').inputValue()).toBe('F-2');
    expect(await dialog().count()).toBe(0);
    await page.keyboard.press('Tab');
    await dialog().waitFor();
  });

  it('the dialog waits while someone who types looks into another window', async () => {
    line.hold();
    await cases.editAs(ben, 'F-2', { assignee: ben.id });
    await doneBox(page, 'F-2').click();
    await page.keyboard.press('/');
    await page.keyboard.type('F-');
    line.release();
    await message(/noch nicht übernommen/).waitFor();
    await lookAway(page, async () => {
      await page.keyboard.type('2');
      expect(await dialog().count()).toBe(0);
    });
    expect(await page.getByRole('searchbox').inputValue()).toBe('F-2');
  });

  it('R2.2 the dialog that comes by itself waits while one field is left for another, and takes no key that was not for it', async () => {
    await bothWriteNotes();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '1 Konflikt wartet' }).waitFor();
    let offer = (): void => undefined;
    const isAwaited = new Promise<void>((resolve) => {
      offer = resolve;
    });
    await page.route(/\/conflicts\?/, async (route) => {
      await isAwaited;
      await route.continue();
    });
    const isDialogLoaded = page.waitForResponse(/\/assets\/conflict-dialog.*\.js/);
    await page.reload();
    await page.getByRole('searchbox').click();
    offer();
    await message(/noch nicht übernommen/).waitFor();
    await cellOf(page, 'F-3', 'note').dblclick();
    await page.keyboard.type('zu Ende ');
    await (await isDialogLoaded).finished();
    await page.keyboard.type('geschrieben');
    expect(await page.getByRole('textbox', { name: /^Notiz bearbeiten/ }).inputValue()).toBe('zu Ende geschrieben');
    expect(await dialog().count()).toBe(0);
    await page.keyboard.press('Enter');
    await eventually(async () =>
      expect(await cases.stored('F-3', 'note')).toEqual(Array(2).fill('zu Ende geschrieben')),
    );
    await dialog().waitFor();
    await eventually(async () => expect(await focusName(page)).toBe('Notiz: ihre übernehmen'));
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    await dialog().getByText('kam von selbst').waitFor();
    expect(await resolutions()).toEqual(['open', 'open']);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await resolutions()).toEqual(['reapplied', 'reapplied']));
  });

  it('R2.2 Enter and the space key apply nothing that nobody has looked at, also where one button would', async () => {
    await bothMarkDone({ assignee: ben.id });
    await dialog().getByText('widersprechen sich nicht').waitFor();
    await eventually(async () => expect(await focusText(page)).toBe('Meine Änderung trotzdem anwenden'));
    for (const key of ['Enter', 'Space']) await page.keyboard.press(key);
    await dialog().getByText('kam von selbst').waitFor();
    expect(await resolutions()).toEqual(['open', 'open']);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await resolutions()).toEqual(['kept-theirs', 'kept-theirs']));
  });

  it('the dialog waits while a list or a menu is open, and comes at once to who asks for it', async () => {
    line.hold();
    await cases.editAs(ben, 'F-2', { assignee: ben.id });
    await doneBox(page, 'F-2').click();
    await page.getByRole('button', { name: /Anna Albers/ }).click();
    await page.getByRole('menu').waitFor();
    line.release();
    await message(/noch nicht übernommen/).waitFor();
    expect(await dialog().count()).toBe(0);
    await page.keyboard.press('Escape');
    await dialog().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '1 Konflikt wartet' }).click();
    await eventually(async () => expect(await focusText(page)).toBe('Meine Änderung trotzdem anwenden'));
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await resolutions()).toEqual(['reapplied', 'reapplied']));
  });

  it('the dialog comes by itself beside the open panel, whose lists are closed', async () => {
    await cellOf(page, 'F-2', 'caseId').focus();
    await page.keyboard.press('Enter');
    await page
      .getByRole('complementary')
      .getByLabel(/^Bearbeitung/)
      .first()
      .waitFor();
    await bothMarkDone({ assignee: ben.id });
    await dialog().waitFor();
  });

  it.each(['light', 'dark'] as const)('the dialog has no barriers (%s)', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await bothWriteNotes();
    await eventually(async () => expect(await focusName(page)).toBe('Notiz: ihre übernehmen'));
    expect(await findBarriers(page)).toEqual([]);
  });
});

async function focusName(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
}

async function focusText(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.textContent ?? null);
}
