import { eventually } from '@meldesync/testkit';
import type { BrowserContextOptions, Page, Route } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cellOf, doneBox, rowOf } from './case-list.ts';
import { openDesk } from './desk.ts';
import { keptIn } from './kept.ts';
import { Line } from './line.ts';

/** Every letter that is a command somewhere, in the order in which they would do the most. */
const LETTERS = ['d', 'z', 'Shift+Z', 'x', 'Shift+X', 'e', 'g', 'i', 'g', 'k'];

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

describe('typing in the list', () => {
  /** Anna, signed in: what a context begins with. */
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

  const noteField = () => page.getByRole('textbox', { name: /^Notiz bearbeiten/ });
  const panel = (caseId: string) => page.getByRole('complementary', { name: `Einzelheiten: Fall ${caseId}` });
  const focusedName = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
  const expectDone = (caseId: string, isDone: boolean) =>
    eventually(async () => expect(await cases.stored(caseId, 'done')).toEqual([isDone, isDone]));
  /** Something that `Z` would take back. */
  const doSomething = async (): Promise<void> => {
    await cellOf(page, 'F-3', 'caseId').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('d');
    await expectDone('F-3', true);
    await eventually(async () => expect(await doneBox(page, 'F-3').getAttribute('data-pending')).toBeNull());
  };
  /** Presses all letters there are; nothing of the data, the selection or the page may change. */
  const expectLettersToDoNothing = async (after: string): Promise<void> => {
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
  };

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
      const touched = await (await browser.context({ ...signedIn, hasTouch: true })).newPage();
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
        expect(await focusedName()).toMatch(/^Notiz, Genomisch/);
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

  describe.each([
    { state: 'online', goOffline: false },
    { state: 'offline', goOffline: true },
  ])('$state', ({ goOffline }) => {
    beforeEach(async () => {
      await line.watch(page);
      await doSomething();
      if (!goOffline) return;
      await line.cut();
      await page
        .getByRole('banner')
        .getByRole('button', { name: /verbinde/ })
        .waitFor();
    });

    const openHelp = async (): Promise<void> => {
      await page
        .getByRole('banner')
        .getByRole('button', { name: /^Konto/ })
        .click();
      await page.getByRole('menuitem', { name: 'Tastatur' }).click();
      await page.getByRole('dialog').waitFor();
    };
    const editAndLeave = async (column: string): Promise<void> => {
      await cellOf(page, 'F-1', column).dblclick();
      await page.locator('[role=row][data-editing]').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('[role=row][data-editing]').waitFor({ state: 'detached' });
    };
    const closePanel = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Seitenbereich schließen' }).click();
      await panel('F-1').waitFor({ state: 'detached' });
    };
    /** What people do with a pointer, and where it leaves the focus. */
    const gestures: readonly (readonly [name: string, gesture: () => Promise<void>])[] = [
      ['a press beside everything', () => page.getByRole('banner').click({ position: { x: 700, y: 20 } })],
      ['a click beside the box of a done case', () => cellOf(page, 'F-3', 'done').click({ position: { x: 4, y: 4 } })],
      ['a click on a case id', () => cellOf(page, 'F-1', 'caseId').click()],
      ['a click on a status', () => cellOf(page, 'F-1', 'status').click()],
      ['a double click on a status', () => cellOf(page, 'F-1', 'status').dblclick()],
      ['a click in the panel', () => panel('F-1').getByRole('heading', { name: 'Fall F-1' }).click()],
      [
        'a note in the panel that Escape took back',
        async () => {
          await panel('F-1')
            .getByRole('button', { name: /^Notiz, Genomisch/ })
            .dblclick();
          await page.keyboard.press('Escape');
        },
      ],
      ['the closing of the panel', closePanel],
      ['a case id that Escape took back', () => editAndLeave('caseId')],
      ['the closing of its panel', closePanel],
      [
        'an assignee that Escape took back, and a focus that comes by itself',
        async () => {
          await editAndLeave('assignee');
          await cellOf(page, 'F-1', 'status').focus();
        },
      ],
      [
        'a note that Escape took back, and a focus that comes by itself',
        async () => {
          await editAndLeave('note');
          await cellOf(page, 'F-1', 'latest').focus();
        },
      ],
      [
        'a dialog closed with a press',
        async () => {
          await openHelp();
          await page.getByRole('dialog').getByRole('button', { name: 'Schließen' }).click();
          await page.getByRole('dialog').waitFor({ state: 'detached' });
        },
      ],
      [
        'a dialog closed with Escape',
        async () => {
          await openHelp();
          await page.keyboard.press('Escape');
          await page.getByRole('dialog').waitFor({ state: 'detached' });
        },
      ],
      ['nothing that has the focus', () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())],
    ];

    it('after a pointer gesture no letter is a command', async () => {
      for (const [name, gesture] of gestures) {
        await gesture();
        await expectLettersToDoNothing(name);
      }
      await cellOf(page, 'F-3', 'done').click({ position: { x: 4, y: 4 } });
      await page.keyboard.type('dringend prüfen/zum Ex?');
      expect(await focusedName()).not.toBe('Suchen');
      await expectLettersToDoNothing('words with a space in them, on a box');
    });

    it('the keyboard has its letters back once it leads through the list', async () => {
      await cellOf(page, 'F-1', 'status').click();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('d');
      await eventually(async () => expect(await doneBox(page, 'F-2').isChecked()).toBe(true));
      await page.keyboard.press('z');
      await eventually(async () => expect(await doneBox(page, 'F-2').isChecked()).toBe(false));
      await page.keyboard.press('Shift+Z');
      await eventually(async () => expect(await doneBox(page, 'F-2').isChecked()).toBe(true));
      await page.keyboard.press('x');
      await page.locator('[role=row][aria-selected=true]').waitFor();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('e');
      await page.getByRole('textbox', { name: /^Fallnummer bearbeiten/ }).waitFor();
      expect(await focusedName()).toMatch(/^Fallnummer bearbeiten/);
      await page.keyboard.press('Escape');
      await page.keyboard.press('g');
      await page.keyboard.press('k');
      await page.waitForURL(/account/);
    });
  });
});
