import { eventually } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { openHelp } from './browser.ts';
import { cellOf, doneBox } from './case-list.ts';
import { focusedName, openTypingDesk, panelOf } from './typing-desk.ts';

const desk = await openTypingDesk();
const { doSomething, expectLettersToDoNothing } = desk;

describe.each([
  { state: 'online', goOffline: false },
  { state: 'offline', goOffline: true },
])('letters after a pointer gesture, $state', ({ goOffline }) => {
  let page: Page;

  beforeEach(async () => {
    page = desk.page();
    await desk.line().watch(page);
    await doSomething();
    if (!goOffline) return;
    await desk.line().cut();
    await page
      .getByRole('banner')
      .getByRole('button', { name: /verbinde/ })
      .waitFor();
  });

  const editAndLeave = async (column: string): Promise<void> => {
    await cellOf(page, 'F-1', column).dblclick();
    await page.locator('[role=row][data-editing]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[role=row][data-editing]').waitFor({ state: 'detached' });
  };
  const closePanel = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Seitenbereich schließen' }).click();
    await panelOf(page, 'F-1').waitFor({ state: 'detached' });
  };
  /** What people do with a pointer, and where it leaves the focus. */
  const gestures: readonly (readonly [name: string, gesture: () => Promise<void>])[] = [
    ['a press beside everything', () => page.getByRole('banner').click({ position: { x: 700, y: 20 } })],
    ['a click beside the box of a done case', () => cellOf(page, 'F-3', 'done').click({ position: { x: 4, y: 4 } })],
    ['a click on a case id', () => cellOf(page, 'F-1', 'caseId').click()],
    ['a click on a status', () => cellOf(page, 'F-1', 'status').click()],
    ['a double click on a status', () => cellOf(page, 'F-1', 'status').dblclick()],
    ['a click in the panel', () => panelOf(page, 'F-1').getByRole('heading', { name: 'Fall F-1' }).click()],
    [
      'a note in the panel that Escape took back',
      async () => {
        await panelOf(page, 'F-1')
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
        await openHelp(page);
        await page.getByRole('dialog').getByRole('button', { name: 'Schließen' }).click();
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      },
    ],
    [
      'a dialog closed with Escape',
      async () => {
        await openHelp(page);
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
    expect(await focusedName(page)).not.toBe('Suchen');
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
    expect(await focusedName(page)).toMatch(/^Fallnummer bearbeiten/);
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('k');
    await page.waitForURL(/account/);
  });
});
