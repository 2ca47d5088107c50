import { eventually } from '@meldesync/testkit';
import type { Page, Route } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { cellOf } from './case-list.ts';
import { focusedName, openTypingDesk, panelOf } from './typing-desk.ts';

const desk = await openTypingDesk();
const { cluster, browser, ben, cases, doSomething, expectLettersToDoNothing } = desk;

describe('typing in the list', () => {
  let page: Page;
  beforeEach(() => {
    page = desk.page();
  });

  const noteField = () => page.getByRole('textbox', { name: /^Notiz bearbeiten/ });
  const panel = (caseId: string) => panelOf(page, caseId);

  describe('a double click edits, however often', () => {
    it('a note in the list: all letters land in it, the second and third time too', async () => {
      for (const text of ['dringend prüfen', 'zu spät, Ex-Befund', 'ding']) {
        await cellOf(page, 'F-1', 'note').dblclick();
        await noteField().waitFor();
        await page.keyboard.press('ControlOrMeta+a');
        await page.keyboard.type(text);
        await page.keyboard.press('Enter');
        await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual([text, text]));
        expect(await cases.stored('F-1', 'done')).toEqual([false, false]);
      }
    });

    it('it opens again right after it was left with Escape, with a word in the cell', async () => {
      await cases.editAs(ben, 'F-1', { note: 'Rückruf' });
      await cellOf(page, 'F-1', 'note').getByText('Rückruf').waitFor();
      for (let times = 0; times < 4; times++) {
        await cellOf(page, 'F-1', 'note').dblclick();
        await page.keyboard.type(' dez');
        expect(await noteField().inputValue()).toBe('Rückruf dez');
        await page.keyboard.press('Escape');
        await noteField().waitFor({ state: 'detached' });
      }
      expect(await cases.stored('F-1', 'note')).toEqual(['Rückruf', 'Rückruf']);
    });

    it('more than two clicks leave it open', async () => {
      await cellOf(page, 'F-1', 'note').click({ clickCount: 5 });
      await page.keyboard.type('dez');
      expect(await noteField().inputValue()).toBe('dez');
    });

    it('a finger, which does not click twice, edits at once', async () => {
      const touched = await (await browser.context({ ...desk.signedIn(), hasTouch: true })).newPage();
      await touched.goto(cluster.url());
      await cellOf(touched, 'F-1', 'note').tap();
      await touched.keyboard.type('dez');
      expect(await touched.getByRole('textbox', { name: /^Notiz bearbeiten/ }).inputValue()).toBe('dez');
      await touched.context().close();
    });

    it('a case id, whose first click opens the panel', async () => {
      for (const caseId of ['F-11', 'F-12', 'F-13']) {
        const cell = page.locator('[role=row][data-line="1"] [data-col=caseId]');
        await cell.dblclick();
        await page.keyboard.type(caseId);
        await page.keyboard.press('Enter');
        await eventually(async () => expect(await cases.stored(caseId, 'done')).toEqual([false, false]));
      }
    });

    it('an assignee: what is typed looks for the person', async () => {
      for (const times of [1, 2, 3]) {
        await cellOf(page, 'F-1', 'assignee').dblclick();
        await page.keyboard.type('Ben');
        expect(await page.getByRole('textbox', { name: 'Person suchen' }).inputValue()).toBe('Ben');
        await page.keyboard.press(times === 3 ? 'Enter' : 'Escape');
      }
      await eventually(async () => expect(await cases.stored('F-1', 'assignee')).toEqual([ben.id, ben.id]));
    });

    it('a note and an assignee in the panel, and leaves the words of a note unmarked', async () => {
      await cases.editAs(ben, 'F-1', { note: 'Rückruf' });
      await cellOf(page, 'F-1', 'status').click();
      const note = panel('F-1').getByRole('button', { name: /^Notiz, Genomisch/ });
      const field = panel('F-1').getByRole('textbox', { name: /^Notiz, Genomisch/ });
      for (let times = 0; times < 3; times++) {
        await note.dblclick();
        await page.keyboard.type(' dez');
        expect(await field.inputValue()).toBe('Rückruf dez');
        await page.keyboard.press('Escape');
        expect(await focusedName(page)).toMatch(/^Notiz, Genomisch/);
      }
      const assignee = panel('F-1').getByRole('textbox', { name: /^Bearbeitung, Genomisch/ });
      for (let times = 0; times < 3; times++) {
        await assignee.dblclick();
        await page.keyboard.type('dez');
        expect(await assignee.inputValue()).toBe('dez');
        await page.keyboard.press('Escape');
      }
      expect(await cases.stored('F-1', 'note')).toEqual(['Rückruf', 'Rückruf']);
      expect(await cases.stored('F-1', 'assignee')).toEqual([null, null]);
    });
  });

  describe('no letter is lost', () => {
    /** Keeps code that is loaded when it is needed on its way; returns what lets it through. */
    const holdCode = async (name: string): Promise<() => Promise<void>> => {
      const held: Route[] = [];
      let isHeld = true;
      await page.route(new RegExp(`/assets/${name}`), (route) => {
        if (!isHeld) return route.continue();
        held.push(route);
        return undefined;
      });
      return async () => {
        isHeld = false;
        for (const route of held) await route.continue();
      };
    };

    it('while the code of an editor is still coming', async () => {
      const release = await holdCode('(text-popover|person-picker)');
      await page.reload();
      await cellOf(page, 'F-1', 'note').dblclick();
      await page.keyboard.type('dringend');
      await release();
      await page.getByRole('dialog').waitFor();
      await page.keyboard.type(' prüfen');
      expect(await noteField().inputValue()).toBe('dringend prüfen');
      await page.keyboard.press('Enter');
      await eventually(async () =>
        expect(await cases.stored('F-1', 'note')).toEqual(['dringend prüfen', 'dringend prüfen']),
      );
      expect(await cases.stored('F-1', 'done')).toEqual([false, false]);
    });

    it('while it is coming, Enter saves and Escape discards', async () => {
      await holdCode('(text-popover|person-picker)');
      await page.reload();
      await cellOf(page, 'F-1', 'note').dblclick();
      await page.keyboard.type('dringend');
      await page.keyboard.press('Enter');
      await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['dringend', 'dringend']));
      await cellOf(page, 'F-2', 'note').dblclick();
      await page.keyboard.type('dez');
      await page.keyboard.press('Escape');
      await cellOf(page, 'F-2', 'status').focus();
      await expectLettersToDoNothing('Escape, before the editor was there');
      expect(await cases.stored('F-2', 'note')).toEqual([null, null]);
    });

    it('while the list of people is still coming', async () => {
      const release = await holdCode('(text-popover|person-picker)');
      await page.reload();
      await cellOf(page, 'F-1', 'assignee').dblclick();
      await page.keyboard.type('Be');
      await release();
      await page.getByRole('option', { name: /Ben Brandt/ }).waitFor();
      await page.keyboard.type('n');
      expect(await page.getByRole('textbox', { name: 'Person suchen' }).inputValue()).toBe('Ben');
      await page.keyboard.press('Enter');
      await eventually(async () => expect(await cases.stored('F-1', 'assignee')).toEqual([ben.id, ben.id]));
    });

    it('when the code cannot be had: it says so, and what was typed is kept', async () => {
      await page.route(/\/assets\/(text-popover|person-picker)/, (route) => route.fulfill({ status: 404 }));
      await page.reload();
      await cellOf(page, 'F-1', 'assignee').dblclick();
      await page.getByRole('alert').filter({ hasText: 'Dieser Teil der Seite ließ sich nicht laden' }).waitFor();
      await cellOf(page, 'F-1', 'note').dblclick();
      await page.keyboard.type('dringend');
      await page.keyboard.press('Enter');
      await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['dringend', 'dringend']));
    });

    it('after a click on a note or an assignee: the letters open the editor and are in it', async () => {
      await cases.editAs(ben, 'F-1', { note: 'Rückruf' });
      await cellOf(page, 'F-1', 'note').getByText('Rückruf').click();
      await page.keyboard.type(' ');
      await page.keyboard.type('dez');
      expect(await noteField().inputValue()).toBe('Rückrufdez');
      await page.keyboard.press('Escape');
      await cellOf(page, 'F-1', 'assignee').click();
      await page.keyboard.type('Ben');
      expect(await page.getByRole('textbox', { name: 'Person suchen' }).inputValue()).toBe('Ben');
      await page.keyboard.press('Escape');
      expect(await cases.stored('F-1', 'done')).toEqual([false, false]);
    });

    it('while changes of colleagues draw the row anew', async () => {
      await cellOf(page, 'F-1', 'note').dblclick();
      for (const letter of 'dringend prüfen') {
        await page.keyboard.type(letter);
        await cluster.sql(`update records set done = not done where case_id = 'F-1'`);
      }
      await eventually(async () => expect(await cellOf(page, 'F-1', 'latest').innerText()).toContain('Datenbank'));
      await page.keyboard.type('!');
      expect(await noteField().inputValue()).toBe('dringend prüfen!');
    });

    it('R1.4 of a case that a colleague has, nothing happens, and it says why', async () => {
      await doSomething();
      const bens = await browser.open(cluster, ben);
      await cellOf(bens, 'F-1', 'note').dblclick();
      await bens.getByRole('textbox', { name: /^Notiz bearbeiten/ }).waitFor();
      await cellOf(page, 'F-1', 'latest').getByText('Ben Brandt').waitFor({ state: 'attached' });
      const told = page.getByRole('alert').filter({ hasText: 'Fall F-1 wird gerade bearbeitet' });
      for (const column of ['note', 'assignee', 'caseId'] as const) {
        await cellOf(page, 'F-1', column).dblclick({ force: true });
        await told.waitFor();
        await expectLettersToDoNothing(`a double click on ${column}`);
      }
      await cellOf(page, 'F-1', 'note').click({ force: true });
      await expectLettersToDoNothing('a click on the note');

      await cellOf(page, 'F-2', 'status').focus();
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      await panel('F-1')
        .getByRole('button', { name: /^Notiz, Genomisch/ })
        .focus();
      await page.keyboard.press('Enter');
      await expectLettersToDoNothing('the Enter key on the note in the panel');
      await bens.context().close();
    });

    it('R1.4 an editor that closes because a colleague was first leaves no commands behind, not even for the keyboard', async () => {
      const line = desk.line();
      await line.watch(page);
      await doSomething();
      const bens = await browser.open(cluster, ben);
      line.hold();
      await cellOf(bens, 'F-2', 'note').dblclick();
      await bens.getByRole('textbox', { name: /^Notiz bearbeiten/ }).waitFor();
      await bens.locator('[role=row][data-editing]').waitFor();
      await cellOf(page, 'F-2', 'note').focus();
      await page.keyboard.press('e');
      await noteField().waitFor();
      line.release();
      await noteField().waitFor({ state: 'detached' });
      await expectLettersToDoNothing('an editor that closed by itself');
      await bens.context().close();
    });
  });
});
