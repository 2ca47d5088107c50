import { eventually, type TestPerson } from '@meldesync/testkit';
import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { openDesk } from './desk.ts';
import { Line } from './line.ts';

/** A lock outlives a lost connection by 10 s, its node by 15 s; a browser on a busy machine takes its time. */
const FREE_WITHIN_MS = 30_000;

const { cluster, browser, anna, ben, cases } = await openDesk();

describe('one case, two people', () => {
  let cora: TestPerson;
  /** Anna's page and Ben's, each on a node of their own. */
  let annas: Page;
  let bens: Page;
  let nextCase = 1;
  let caseId = '';

  beforeAll(async () => {
    cora = await cluster.addPerson('Cora Claas', { workspace: cluster.workspace, role: 'admin' });
    await cases.add('A-1');
    annas = await browser.open(cluster, anna, { node: 0 });
    bens = await browser.open(cluster, ben, { node: 1 });
  });

  beforeEach(async () => {
    caseId = `T-${nextCase++}`;
    await cases.add(caseId);
    for (const page of [annas, bens]) {
      await page.getByRole('searchbox').fill(caseId);
      await rowOf(page).waitFor();
    }
  });
  afterEach(async () => {
    for (const page of [annas, bens]) {
      await page.keyboard.press('Escape');
      for (const close of await page.locator('[role=alert] button.mantine-Notification-closeButton').all()) {
        await close.click();
      }
    }
  });

  const rowOf = (page: Page) => page.getByRole('row').filter({ hasText: caseId }).first();
  const cellOf = (page: Page, column: string) => rowOf(page).locator(`[data-col=${column}]`);
  const chipOf = (page: Page) => cellOf(page, 'latest');
  const noteField = (page: Page) => page.getByRole('textbox', { name: /^Notiz bearbeiten/ });
  const openNote = async (page: Page): Promise<Locator> => {
    // What is disabled says why when it is pressed all the same.
    const field = noteField(page);
    // Not whole where the list moves between its two clicks: then a person double-clicks once more.
    await eventually(async () => {
      await cellOf(page, 'note').dblclick({ force: true });
      await field.waitFor({ timeout: 2_000 });
    });
    return field;
  };
  const message = (page: Page, text: string | RegExp) => page.getByRole('alert').filter({ hasText: text });
  const expectLocked = (page: Page, name = 'Anna Albers') =>
    eventually(async () => expect(await chipOf(page).textContent()).toContain(`${name} bearbeitet diesen Fall.`));
  const expectFree = (page: Page, withinMs = 10_000) =>
    eventually(async () => expect(await chipOf(page).textContent()).not.toContain('bearbeitet'), withinMs);
  const notes = async () =>
    (await cluster.sql('select note from records where case_id = $1 order by id', [caseId])).map(({ note }) => note);

  it('R1.4 shows who edits it and since when, and disables its controls with the reason', async () => {
    await openNote(annas);
    await expectLocked(bens);
    expect(await chipOf(bens).innerText()).toMatch(/AA\s*bearbeitet seit\s*0:\d\d/);
    const shown = await chipOf(bens).innerText();
    await eventually(async () => expect(await chipOf(bens).innerText()).not.toBe(shown));
    const box = bens.getByRole('checkbox', { name: `Fall ${caseId} erledigt` });
    expect(await box.getAttribute('aria-disabled')).toBe('true');
    for (const column of ['caseId', 'assignee', 'note', 'done']) {
      const cell = cellOf(bens, column);
      // A press on the case id opens the panel, which a lock does not forbid.
      expect(await cell.getAttribute(column === 'caseId' ? 'aria-readonly' : 'aria-disabled')).toBe('true');
      const reason = bens.locator(`[id="${await cell.getAttribute('aria-describedby')}"]`);
      expect(await reason.textContent()).toBe('Anna Albers bearbeitet diesen Fall.');
    }
    // The one who edits sees no notice of it.
    expect(await chipOf(annas).textContent()).not.toContain('bearbeitet');
    await annas.keyboard.press('Escape');
    await expectFree(bens);
    expect(await box.getAttribute('aria-disabled')).not.toBe('true');
  });

  it('R1.4 trying anyway says who has it, and tells when it is free', async () => {
    await openNote(annas);
    await expectLocked(bens);
    await cellOf(bens, 'note').dblclick({ force: true });
    const told = message(bens, `Fall ${caseId} wird gerade bearbeitet`);
    await told.waitFor();
    expect(await told.innerText()).toMatch(/Anna Albers bearbeitet diesen Fall seit 0:\d\d/);
    expect(await noteField(bens).count()).toBe(0);
    expect(await findBarriers(bens)).toEqual([]);
    await cellOf(bens, 'note').focus();
    for (const key of ['e', 'd']) await bens.keyboard.press(key);
    expect(await told.count()).toBe(1);
    expect(await bens.getByRole('checkbox', { name: `Fall ${caseId} erledigt` }).isChecked()).toBe(false);
    await bens.getByRole('checkbox', { name: `Fall ${caseId} erledigt` }).click({ force: true });
    expect(await bens.getByRole('checkbox', { name: `Fall ${caseId} erledigt` }).isChecked()).toBe(false);

    await told.getByRole('button', { name: 'Bescheid geben, wenn frei' }).click();
    await told.getByRole('button', { name: 'Sie bekommen Bescheid', pressed: true }).waitFor();
    await annas.keyboard.press('Escape');
    const free = message(bens, `Fall ${caseId} ist frei`);
    await free.waitFor();
    await openNote(annas);
    await free.waitFor({ state: 'detached' });
    await annas.keyboard.press('Escape');
    await free.getByRole('button', { name: 'Zum Fall' }).click();
    await bens.getByRole('complementary', { name: `Einzelheiten: Fall ${caseId}` }).waitFor();
    expect(bens.url()).not.toContain(caseId);
    await bens.getByRole('button', { name: 'Seitenbereich schließen' }).click();
  });

  it('a case that is edited draws its own row anew, and no other', async () => {
    await bens.getByRole('searchbox').fill('');
    await bens.getByRole('row').filter({ hasText: 'A-1' }).waitFor();
    await rowOf(bens).waitFor();
    await bens.evaluate(() => {
      const touched = new Set<string>();
      Object.assign(window, { touched });
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const element = target instanceof Element ? target : target.parentElement;
          const row = element?.closest('[role=row][data-line]');
          if (row) touched.add(row.querySelector('[data-col=caseId]')?.textContent ?? '');
        }
      }).observe(document.querySelector('[role=grid]') ?? document.body, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    });
    await openNote(annas);
    await expectLocked(bens);
    const shown = await chipOf(bens).innerText();
    await eventually(async () => expect(await chipOf(bens).innerText()).not.toBe(shown));
    const touched = await bens.evaluate(() => [...(window as unknown as { touched: Set<string> }).touched]);
    expect(touched.filter((text) => !text.includes(caseId))).toEqual([]);
    expect(touched).not.toEqual([]);
  });

  it('R1.4 an editor that was second keeps what was typed and cannot save it until the case is free', async () => {
    const line = new Line();
    const page = await browser.open(cluster, ben, { node: 1, line });
    await page.getByRole('searchbox').fill(caseId);
    await rowOf(page).waitFor();
    line.hold('lock');
    await openNote(annas);
    await expectLocked(bens);
    const field = await openNote(page);
    await field.fill('von Ben');
    line.release();
    const notice = page.getByRole('dialog').getByRole('status');
    await eventually(async () =>
      expect(await notice.textContent()).toMatch(/Anna Albers bearbeitet diesen Fall.*Ihr Text bleibt hier stehen/s),
    );
    expect(await field.inputValue()).toBe('von Ben');
    expect(await field.getAttribute('readonly')).not.toBeNull();
    await page.keyboard.press('Enter');
    expect(await field.inputValue()).toBe('von Ben');
    // As soon as the case is free, the text can be saved.
    await annas.keyboard.press('Escape');
    await eventually(async () => expect(await field.getAttribute('readonly')).toBeNull());
    await expectLocked(annas, 'Ben Brandt');
    await field.focus();
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await notes()).toEqual(['von Ben', 'von Ben']));
    await page.context().close();
  });

  it('an admin takes the lock away, and the one who edits is told and can still save', async () => {
    const coras = await browser.open(cluster, cora, { node: 1, colorScheme: 'dark' });
    const field = await openNote(annas);
    await field.fill('von Anna');
    await coras.getByRole('searchbox').fill(caseId);
    await expectLocked(coras);
    await cellOf(coras, 'caseId').click();
    const panel = coras.getByRole('complementary');
    await panel.getByRole('status').getByText('Anna Albers bearbeitet diesen Fall.').waitFor();
    for (const control of [
      panel.getByRole('checkbox', { name: `Fall ${caseId} erledigt` }),
      panel.getByRole('button', { name: /^Notiz, Genomisch/ }),
      panel.getByLabel('Bearbeitung, Klinisch (C)').first(),
    ]) {
      expect(await control.getAttribute('aria-disabled')).toBe('true');
      const reason = coras.locator(`[id="${await control.getAttribute('aria-describedby')}"]`);
      expect(await reason.textContent()).toContain('Anna Albers bearbeitet diesen Fall.');
    }
    expect(await findBarriers(coras)).toEqual([]);
    await panel.getByRole('button', { name: 'Sperre aufheben' }).click();
    const dialog = coras.getByRole('dialog', { name: `Sperre aufheben: Fall ${caseId}` });
    await dialog.waitFor();
    expect(await findBarriers(coras)).toEqual([]);
    await dialog.getByRole('button', { name: 'Sperre aufheben' }).click();
    await message(coras, 'Die Sperre ist aufgehoben').waitFor();
    await expectFree(coras);

    const notice = annas.getByRole('dialog').getByRole('status');
    await eventually(async () =>
      expect(await notice.textContent()).toContain('Cora Claas hat die Bearbeitung übernommen'),
    );
    expect(await findBarriers(annas)).toEqual([]);
    expect(await field.inputValue()).toBe('von Anna');
    await field.focus();
    await annas.keyboard.press('Enter');
    await eventually(async () => expect(await notes()).toEqual(['von Anna', 'von Anna']));
    await coras.context().close();
  });

  it('the same person goes on in another window, and the first one is told', async () => {
    const second = await annas.context().newPage();
    await second.goto(annas.url());
    await second.getByRole('searchbox').fill(caseId);
    await rowOf(second).waitFor();
    await openNote(annas);
    await eventually(async () => expect(await chipOf(second).textContent()).toContain('in einem anderen Fenster'));
    await openNote(second);
    const notice = annas.getByRole('dialog').getByRole('status');
    await eventually(async () => expect(await notice.textContent()).toContain('jetzt in einem anderen Fenster'));
    await expectLocked(bens);
    await second.close();
    await expectFree(bens, FREE_WITHIN_MS);
  });

  it('R2.3 closing the tab frees the case', async () => {
    const page = await browser.open(cluster, anna, { node: 0 });
    await page.getByRole('searchbox').fill(caseId);
    await rowOf(page).waitFor();
    await openNote(page);
    await expectLocked(bens);
    await page.context().close();
    await expectFree(bens, FREE_WITHIN_MS);
    await openNote(bens);
    await expectLocked(annas, 'Ben Brandt');
  });

  it('R2.3 a connection that comes back within 10 s keeps the lock and what was typed', async () => {
    const line = new Line();
    const page = await browser.open(cluster, anna, { node: 0, line });
    await page.getByRole('searchbox').fill(caseId);
    await rowOf(page).waitFor();
    const field = await openNote(page);
    await field.fill('bleibt stehen');
    await expectLocked(bens);
    await line.cut();
    await eventually(async () => expect(await chipOf(bens).innerText()).toMatch(/AA\s*wird frei in\s*0:\d\d/));
    line.mend();
    await eventually(async () => expect(await chipOf(bens).innerText()).toMatch(/bearbeitet seit/));
    expect(await field.inputValue()).toBe('bleibt stehen');
    await field.focus();
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await notes()).toEqual(['bleibt stehen', 'bleibt stehen']));
    await expectFree(bens);
    await page.context().close();
  });

  it('the editors work without a connection: versions protect the data', async () => {
    const line = new Line();
    const page = await browser.open(cluster, anna, { node: 0, line });
    await page.getByRole('searchbox').fill(caseId);
    await rowOf(page).waitFor();
    await line.cut();
    await page
      .getByRole('banner')
      .getByRole('button', { name: /verbinde/ })
      .waitFor();
    const field = await openNote(page);
    await field.fill('ohne Verbindung');
    await eventually(async () =>
      expect(await page.getByRole('dialog').getByRole('status').textContent()).toContain('Gerade ohne Sperre'),
    );
    await page.keyboard.press('Enter');
    line.mend();
    await eventually(async () => expect(await notes()).toEqual(['ohne Verbindung', 'ohne Verbindung']), 40_000);
    await page.context().close();
  });
});
