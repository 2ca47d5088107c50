import { eventually, type TestPerson } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lookAway } from './browser.ts';
import { caseIds, cellOf, doneBox, rowOf } from './case-list.ts';
import { openDesk } from './desk.ts';
import { Line } from './line.ts';

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

describe('editing in the list', () => {
  let vera: TestPerson;
  let page: Page;

  beforeAll(async () => {
    vera = await cluster.addPerson('Vera Viewer', { workspace: cluster.workspace, role: 'viewer' });
  });

  beforeEach(async () => {
    await cluster.sql('delete from records');
    await cases.add('F-1', 'F-2', 'F-3');
  });
  afterEach(async () => {
    await page?.context().close();
  });

  const open = async (person: TestPerson): Promise<void> => {
    page = await browser.open(cluster, person);
    await rowOf(page, 'F-1').waitFor();
  };

  it('R1.1 a note and an assignee set in the list hold for the whole case', async () => {
    await open(anna);
    await cellOf(page, 'F-2', 'note').dblclick();
    await page.getByRole('textbox', { name: /^Notiz bearbeiten/ }).fill('Rückfrage');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await cases.stored('F-2', 'note')).toEqual(['Rückfrage', 'Rückfrage']));
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('e');
    await page.getByRole('option', { name: /Ben Brandt/ }).click();
    await eventually(async () => expect(await cases.stored('F-2', 'assignee')).toEqual([ben.id, ben.id]));
    expect(await cellOf(page, 'F-2', 'assignee').innerText()).toContain('Ben Brandt');
  });

  it('P60 a case is given to who may edit it; whoever has it already is shown, whatever became of them', async () => {
    const join = (name: string, role: 'editor' | 'viewer' | 'auditor') =>
      cluster.addPerson(name, { workspace: cluster.workspace, role });
    const [suspended, over, disabled, program, viewer, auditor] = await Promise.all([
      join('Susi Ausgesetzt', 'editor'),
      join('Emil Ende', 'editor'),
      join('Gerd Gesperrt', 'editor'),
      join('Export', 'editor'),
      join('Vera Lesen', 'viewer'),
      join('Paul Prüfen', 'auditor'),
    ]);
    await cases.editAs(ben, 'F-2', { assignee: suspended.id });
    await cluster.sql('update members set suspended_at = now() where user_id = $1', [suspended.id]);
    await cluster.sql(`update members set expires_at = now() - interval '1 s' where user_id = $1`, [over.id]);
    await cluster.sql('update auth."user" set disabled_at = now() where id = $1', [disabled.id]);
    await cluster.sql(`update auth."user" set kind = 'service' where id = $1`, [program.id]);
    await open(anna);
    const offered = () => page.getByRole('option').allTextContents();
    const expectOffered = (...names: string[]) =>
      eventually(async () => expect((await offered()).map((name) => name.replace(/^[A-Z]{2}/, ''))).toEqual(names));

    await cellOf(page, 'F-1', 'assignee').dblclick();
    await expectOffered('Anna Albers (Sie)', 'Niemand', 'Ben Brandt');
    await page.keyboard.press('Escape');
    await eventually(async () =>
      expect(await cellOf(page, 'F-2', 'assignee').innerText()).toContain('Susi Ausgesetzt'),
    );
    await cellOf(page, 'F-2', 'assignee').dblclick();
    await expectOffered('Anna Albers (Sie)', 'Niemand', 'Ben Brandt', 'Susi Ausgesetzt');
    await page.keyboard.press('Escape');
    await cellOf(page, 'F-3', 'status').click();
    await page.getByRole('textbox', { name: /^Bearbeitung, Genomisch/ }).click();
    await expectOffered('Anna Albers (Sie)', 'Ben Brandt');
    await page.keyboard.press('Escape');
    await cellOf(page, 'F-1', 'select').click();
    await page.getByRole('button', { name: 'Zuständig …' }).click();
    await expectOffered('Anna Albers (Sie)', 'Niemand', 'Ben Brandt');
    await cluster.sql('delete from auth."user" where id = any($1)', [
      [suspended, over, disabled, program, viewer, auditor].map(({ id }) => id),
    ]);
  });

  it('R2.1 R2.2 who comes second is told who was first and what stands now', async () => {
    await open(anna);
    await cellOf(page, 'F-2', 'note').dblclick();
    const editor = page.getByRole('textbox', { name: /^Notiz bearbeiten/ });
    await editor.fill('von Anna');
    // Past the application, where Anna's lock does not reach.
    await cluster.sql(`update records set note = 'per SQL' where case_id = $1`, ['F-2']);
    // That note has reached the page; the open editor keeps what Anna writes and what she based it on.
    await eventually(async () => expect(await cellOf(page, 'F-2', 'latest').innerText()).toContain('Datenbank'));
    expect(await editor.inputValue()).toBe('von Anna');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Jemand war schneller/ });
    await dialog.waitFor();
    expect(await dialog.innerText()).toMatch(/Datenbank.*Fall F-2.*per SQL.*von Anna/s);
    const [first] = await cases.stored('F-2', 'note');
    expect(first).toEqual('per SQL');
  });

  it('R1.2 a colleague’s change marks the cell it lands in', async () => {
    await open(anna);
    const marked = cellOf(page, 'F-3', 'note').locator('[data-mark]').waitFor();
    await cases.editAs(ben, 'F-3', { note: 'neu' });
    await marked;
    await eventually(async () => expect(await cellOf(page, 'F-3', 'latest').innerText()).toContain('Ben Brandt'));
  });

  it('R3.3 nothing moves under the hand: a done case stays until it is left, new cases wait', async () => {
    await open(anna);
    await page.getByRole('button', { name: 'offen', exact: true }).click();
    await doneBox(page, 'F-1').click();
    await eventually(async () => expect(await cases.stored('F-1', 'done')).toEqual([true, true]));
    await rowOf(page, 'F-1').getByText('Passt nicht mehr zum Filter').waitFor({ state: 'attached' });
    await cases.add('F-0');
    const pill = page.getByRole('button', { name: '1 neuer Fall – anzeigen' });
    await pill.waitFor();
    expect(await caseIds(page)).toEqual(['F-1', 'F-2', 'F-3']);
    await pill.click();
    await eventually(async () => expect(await caseIds(page)).toEqual(['F-0', 'F-2', 'F-3']));
  });

  it('the keyboard does it all: rows, cells, done, the panel and back', async () => {
    await open(anna);
    await cellOf(page, 'F-1', 'caseId').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('d');
    await eventually(async () => expect(await cases.stored('F-2', 'done')).toEqual([true, true]));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Einzelheiten: Fall F-3' }).waitFor();
    await eventually(async () => expect(await focusedText()).toBe('Fall F-3'));
    expect(new URL(page.url()).search).toMatch(/^\?record=\d+$/);
    await page.keyboard.press('Escape');
    await eventually(async () => expect(await focusedText()).toBe('F-3'));
  });

  it('Escape leaves a field or a list in the panel, which stays open', async () => {
    await open(anna);
    await cellOf(page, 'F-1', 'status').click();
    const panel = page.getByRole('complementary', { name: 'Einzelheiten: Fall F-1' });
    await panel.getByRole('button', { name: /^Notiz, Genomisch/ }).click();
    const note = panel.getByRole('textbox', { name: /^Notiz, Genomisch/ });
    await note.fill('doch nicht');
    await page.keyboard.press('Escape');
    await note.waitFor({ state: 'detached' });
    await panel.getByRole('textbox', { name: /^Bearbeitung, Genomisch/ }).click();
    await page.getByRole('option', { name: /Ben Brandt/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('option', { name: /Ben Brandt/ }).waitFor({ state: 'detached' });
    expect(await panel.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(await cases.stored('F-1', 'note')).toEqual([null, null]);
  });

  it('an address never holds a case id or what was searched for', async () => {
    await open(anna);
    await page.keyboard.press('/');
    await page.keyboard.type('F-2');
    await eventually(async () => expect(await caseIds(page)).toEqual(['F-2']));
    await cellOf(page, 'F-2', 'status').click();
    await page.getByRole('complementary').waitFor();
    expect(page.url()).not.toContain('F-2');
    await page.reload();
    await eventually(async () => expect(await caseIds(page)).toEqual(['F-2']));
  });

  it('a viewer reads everything and is told why nothing can be changed', async () => {
    await open(vera);
    const box = doneBox(page, 'F-1');
    expect(await box.getAttribute('aria-disabled')).toBe('true');
    await cellOf(page, 'F-1', 'done').focus();
    await page.keyboard.press('d');
    await page.getByRole('alert').filter({ hasText: 'Sie haben nur Leserechte in diesem Arbeitsbereich.' }).waitFor();
    expect(await cases.stored('F-1', 'done')).toEqual([false, false]);
  });

  it('an incomplete case cannot be marked done, and says why', async () => {
    await cases.addIncomplete('F-9');
    await open(anna);
    const box = doneBox(page, 'F-9');
    expect(await box.getAttribute('aria-disabled')).toBe('true');
    await cellOf(page, 'F-9', 'done').hover();
    expect(await page.getByRole('tooltip').innerText()).toMatch(/Nur ein vollständiger Fall/);
    await cellOf(page, 'F-9', 'caseId').focus();
    await page.keyboard.press('d');
    await page
      .getByRole('alert')
      .filter({ hasText: /Nur ein vollständiger Fall/ })
      .waitFor();
    expect(await cases.stored('F-9', 'done')).toEqual([false]);
  });

  it('history is fetched only where someone stays who walks through the list', async () => {
    const asked: string[] = [];
    await open(anna);
    page.on('request', (request) => {
      const record = /records\/(\d+)\/history/.exec(request.url())?.[1];
      if (record !== undefined) asked.push(record);
    });
    await cellOf(page, 'F-1', 'status').click();
    const panel = page.getByRole('complementary', { name: 'Einzelheiten: Fall F-1' });
    await panel.getByText('Angelegt').first().waitFor();
    const ids = await cluster.sql('select min(id) as id from records group by case_id order by case_id');
    // Both in the page: from here a busy machine would put more time between them than a person does.
    await page.evaluate(async () => {
      for (let times = 0; times < 2; times++) {
        const key = new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true });
        document.activeElement?.dispatchEvent(key);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    });
    await eventually(async () => expect(asked).toEqual([String(ids[0]?.['id']), String(ids[2]?.['id'])]));
  });

  const focusedText = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
});

describe('what is typed is never lost without a word', () => {
  let page: Page;

  beforeEach(async () => {
    await cluster.sql('delete from records');
    await cases.add('F-1', 'F-2', 'F-3');
    page = await browser.open(cluster, anna);
    await rowOf(page, 'F-3').waitFor();
  });
  afterEach(async () => {
    await page?.context().close();
  });

  const noteField = () => page.getByRole('textbox', { name: /^Notiz bearbeiten/ });
  const typeNote = async (caseId: string, text: string): Promise<void> => {
    await cellOf(page, caseId, 'note').dblclick();
    await noteField().fill(text);
  };
  const unsaved = (caseId: string) => page.getByRole('alert').filter({ hasText: `Fall ${caseId}: nicht gespeichert` });
  const keptText = (caseId: string) => unsaved(caseId).getByLabel('Ihr Text').innerText();

  it('another window in front leaves an editor open and saves nothing', async () => {
    await typeNote('F-2', 'halber Sa');
    await lookAway(page, async () => expect(await noteField().inputValue()).toBe('halber Sa'));
    await noteField().pressSequentially('tz');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await cases.stored('F-2', 'note')).toEqual(['halber Satz', 'halber Satz']));

    await cellOf(page, 'F-2', 'caseId').focus();
    await page.keyboard.press('F2');
    const caseId = page.getByRole('textbox', { name: /^Fallnummer bearbeiten/ });
    await caseId.fill('F-2');
    await lookAway(page, async () => expect(await caseId.count()).toBe(1));
    await page.keyboard.press('Escape');

    await cellOf(page, 'F-3', 'assignee').dblclick();
    const person = page.getByRole('textbox', { name: 'Person suchen' });
    await person.fill('Ben');
    await lookAway(page, async () => expect(await person.inputValue()).toBe('Ben'));
    // Enter takes the person that is offered first, once the list has followed what was typed.
    await page.locator('[data-combobox-selected]').filter({ hasText: 'Ben Brandt' }).waitFor();
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await cases.stored('F-3', 'assignee')).toEqual([ben.id, ben.id]));
  });

  it('a note that is too long is kept for copying when its editor is left', async () => {
    await typeNote('F-2', 'x'.repeat(2001));
    await page.getByRole('searchbox').click();
    await unsaved('F-2')
      .getByText(/höchstens 2.?000/)
      .waitFor();
    expect(await keptText('F-2')).toHaveLength(2001);
    expect(await cases.stored('F-2', 'note')).toEqual([null, null]);
  });

  it('a note whose case was deleted is kept, and the list goes on', async () => {
    await typeNote('F-2', 'halb fertig');
    await cluster.sql(`delete from records where case_id = 'F-2'`);
    await unsaved('F-2').getByText('weil der Fall hier nicht mehr gezeigt wird').waitFor();
    expect(await keptText('F-2')).toBe('halb fertig');
    await typeNote('F-3', 'geht weiter');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await cases.stored('F-3', 'note')).toEqual(['geht weiter', 'geht weiter']));
  });

  it('a note whose case the filter before does not show is kept, and the list goes on', async () => {
    await doneBox(page, 'F-1').click();
    await page.getByRole('button', { name: 'erledigt', exact: true }).click();
    await eventually(async () => expect(await caseIds(page)).toEqual(['F-1']));
    await page.getByRole('button', { name: 'offen', exact: true }).click();
    await rowOf(page, 'F-2').waitFor();
    await typeNote('F-2', 'halb fertig');
    await page.goBack();
    await unsaved('F-2').getByText('weil der Fall hier nicht mehr gezeigt wird').waitFor();
    expect(await keptText('F-2')).toBe('halb fertig');
    await cellOf(page, 'F-1', 'note').dblclick();
    await noteField().waitFor();
  });

  it('a note is kept when it is refused, whatever the reason', async () => {
    const line = new Line();
    await line.watch(page);
    await typeNote('F-2', 'zu spät');
    line.hold();
    await cluster.sql(`delete from records where case_id = 'F-2'`);
    await page.keyboard.press('Enter');
    line.release();
    await unsaved('F-2').waitFor();
    expect(await unsaved('F-2').innerText()).toContain('Meldebestätigung');
    expect(await keptText('F-2')).toBe('zu spät');
  });
});
