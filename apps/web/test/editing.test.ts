import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser, type TestBrowser } from './browser.ts';

describe('editing in the list', () => {
  let cluster: Cluster;
  let browser: TestBrowser;
  let anna: TestPerson;
  let ben: TestPerson;
  let vera: TestPerson;
  let page: Page;
  let nextNumber = 1;
  /** Case ids of one test, so that tests do not see each other's cases. */
  let prefix = '';

  beforeAll(async () => {
    cluster = await startCluster({ web: true, nodes: 1 });
    browser = await startBrowser();
    const { workspace } = cluster;
    anna = await cluster.addPerson('Anna Albers', { workspace, role: 'editor' });
    ben = await cluster.addPerson('Ben Brandt', { workspace, role: 'editor' });
    vera = await cluster.addPerson('Vera Viewer', { workspace, role: 'viewer' });
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await cluster.sql('delete from records');
    prefix = `T${nextNumber}`;
    await addCase(`${prefix}-1`);
    await addCase(`${prefix}-2`);
    await addCase(`${prefix}-3`);
  });
  afterEach(async () => {
    await page?.context().close();
  });

  const addCase = async (caseId: string): Promise<void> => {
    await cluster.addRecords(1, { first: nextNumber++, artDerDaten: 'G', caseId });
    await cluster.addRecords(1, { first: nextNumber++, artDerDaten: 'C', caseId });
  };
  const open = async (person: TestPerson): Promise<void> => {
    page = await browser.open(cluster, person);
    await rowOf(`${prefix}-1`).waitFor();
  };
  const rowOf = (caseId: string) => page.getByRole('row').filter({ hasText: caseId });
  const cellOf = (caseId: string, column: string) => rowOf(caseId).locator(`[data-col=${column}]`);
  const caseIds = async (): Promise<string[]> => page.locator('[role=gridcell][data-col=caseId]').allInnerTexts();
  const stored = (caseId: string, column: string) =>
    cluster.sql(`select ${column} as value from records where case_id = $1 order by id`, [caseId]);

  it('R1.1 a note and an assignee set in the list hold for the whole case', async () => {
    await open(anna);
    await cellOf(`${prefix}-2`, 'note').click();
    await page.getByRole('textbox', { name: /^Notiz bearbeiten/ }).fill('Rückfrage');
    await page.keyboard.press('Enter');
    await eventually(async () =>
      expect(await stored(`${prefix}-2`, 'note')).toEqual([{ value: 'Rückfrage' }, { value: 'Rückfrage' }]),
    );
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('e');
    await page.getByRole('option', { name: /Ben Brandt/ }).click();
    await eventually(async () =>
      expect(await stored(`${prefix}-2`, 'assignee')).toEqual([{ value: ben.id }, { value: ben.id }]),
    );
    expect(await cellOf(`${prefix}-2`, 'assignee').innerText()).toContain('Ben Brandt');
  });

  it('R2.1 R2.2 who comes second is told who was first and what stands now', async () => {
    await open(anna);
    await cellOf(`${prefix}-2`, 'note').click();
    const editor = page.getByRole('textbox', { name: /^Notiz bearbeiten/ });
    await editor.fill('von Anna');
    // Past the application, where Anna's lock does not reach.
    await cluster.sql(`update records set note = 'per SQL' where case_id = $1`, [`${prefix}-2`]);
    // That note has reached the page; the open editor keeps what Anna writes and what she based it on.
    await eventually(async () => expect(await cellOf(`${prefix}-2`, 'latest').innerText()).toContain('Datenbank'));
    expect(await editor.inputValue()).toBe('von Anna');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Jemand war schneller/ });
    await dialog.waitFor();
    expect(await dialog.innerText()).toMatch(/Datenbank.*Fall T.*per SQL.*von Anna/s);
    const [first] = await stored(`${prefix}-2`, 'note');
    expect(first).toEqual({ value: 'per SQL' });
  });

  it('R1.2 a colleague’s change marks the cell it lands in', async () => {
    await open(anna);
    const [record] = await cluster.sql(`select id, version from records where case_id = $1 order by id`, [
      `${prefix}-3`,
    ]);
    const marked = cellOf(`${prefix}-3`, 'note').locator('[data-mark]').waitFor();
    await cluster.api(ben).edit(cluster.workspace, {
      operation: 'ben-marks-it',
      items: [{ record: Number(record?.['id']), baseVersion: Number(record?.['version']), set: { note: 'neu' } }],
    });
    await marked;
    await eventually(async () => expect(await cellOf(`${prefix}-3`, 'latest').innerText()).toContain('Ben Brandt'));
  });

  it('R3.3 nothing moves under the hand: a done case stays until it is left, new cases wait', async () => {
    await open(anna);
    await page.getByRole('button', { name: 'offen', exact: true }).click();
    await page.getByRole('checkbox', { name: `Fall ${prefix}-1 erledigt` }).click();
    await eventually(async () =>
      expect(await stored(`${prefix}-1`, 'done')).toEqual([{ value: true }, { value: true }]),
    );
    await rowOf(`${prefix}-1`).getByText('Passt nicht mehr zum Filter').waitFor({ state: 'attached' });
    await addCase(`A${prefix}-0`);
    const pill = page.getByRole('button', { name: '1 neuer Fall – anzeigen' });
    await pill.waitFor();
    expect(await caseIds()).toEqual([expect.stringContaining(`${prefix}-1`), `${prefix}-2`, `${prefix}-3`]);
    await pill.click();
    await eventually(async () => expect(await caseIds()).toEqual([`A${prefix}-0`, `${prefix}-2`, `${prefix}-3`]));
  });

  it('the keyboard does it all: rows, cells, done, the panel and back', async () => {
    await open(anna);
    await cellOf(`${prefix}-1`, 'caseId').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('d');
    await eventually(async () =>
      expect(await stored(`${prefix}-2`, 'done')).toEqual([{ value: true }, { value: true }]),
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: `Einzelheiten: Fall ${prefix}-3` }).waitFor();
    await eventually(async () => expect(await focusedText()).toBe(`Fall ${prefix}-3`));
    expect(new URL(page.url()).search).toMatch(/^\?record=\d+$/);
    await page.keyboard.press('Escape');
    await eventually(async () => expect(await focusedText()).toBe(`${prefix}-3`));
  });

  it('an address never holds a case id or what was searched for', async () => {
    await open(anna);
    await page.keyboard.press('/');
    await page.keyboard.type(`${prefix}-2`);
    await eventually(async () => expect(await caseIds()).toEqual([`${prefix}-2`]));
    await cellOf(`${prefix}-2`, 'status').click();
    await page.getByRole('complementary').waitFor();
    expect(page.url()).not.toContain(prefix);
    await page.reload();
    await eventually(async () => expect(await caseIds()).toEqual([`${prefix}-2`]));
  });

  it('a viewer reads everything and is told why nothing can be changed', async () => {
    await open(vera);
    const box = page.getByRole('checkbox', { name: `Fall ${prefix}-1 erledigt` });
    expect(await box.getAttribute('aria-disabled')).toBe('true');
    await cellOf(`${prefix}-1`, 'done').focus();
    await page.keyboard.press('d');
    await page.getByRole('alert').filter({ hasText: 'Sie haben nur Leserechte in diesem Arbeitsbereich.' }).waitFor();
    expect(await stored(`${prefix}-1`, 'done')).toEqual([{ value: false }, { value: false }]);
  });

  it('an incomplete case cannot be marked done, and says why', async () => {
    await cluster.addRecords(1, { first: nextNumber++, artDerDaten: 'C', caseId: `${prefix}-9` });
    await open(anna);
    const box = page.getByRole('checkbox', { name: `Fall ${prefix}-9 erledigt` });
    expect(await box.getAttribute('aria-disabled')).toBe('true');
    await cellOf(`${prefix}-9`, 'done').hover();
    expect(await page.getByRole('tooltip').innerText()).toMatch(/Nur ein vollständiger Fall/);
  });

  const focusedText = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
});
