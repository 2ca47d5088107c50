import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enterCredentials, startBrowser, type TestBrowser } from './browser.ts';
import { Line } from './line.ts';

describe('an unsteady connection', () => {
  let cluster: Cluster;
  let browser: TestBrowser;
  let anna: TestPerson;
  let page: Page;
  let line: Line;
  let records: number[];

  beforeAll(async () => {
    cluster = await startCluster({ web: true, nodes: 1 });
    browser = await startBrowser();
    anna = await cluster.addPerson('Anna Albers', { workspace: cluster.workspace, role: 'editor' });
    records = [
      ...(await cluster.addRecords(1, { first: 1, artDerDaten: 'G', caseId: 'F-1' })),
      ...(await cluster.addRecords(1, { first: 2, artDerDaten: 'C', caseId: 'F-1' })),
    ];
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await cluster.sql('update records set done = false, note = null');
    line = new Line();
    page = await browser.open(cluster, anna, { line });
  });
  afterEach(async () => {
    await page.context().close();
  });

  const pill = (text: RegExp) => page.getByRole('banner').getByRole('button', { name: text });
  const note = () => page.locator('[role=gridcell][data-col=note]').first();

  it('R4.1 R4.2 says that it reconnects, comes back by itself and has what was missed', async () => {
    await line.cut();
    await pill(/verbinde/).waitFor();
    await cluster.sql(`update records set note = 'verpasst' where id = any($1)`, [records]);
    line.mend();
    await eventually(async () => expect(await note().innerText()).toContain('verpasst'), 40_000);
    await pill(/live/).waitFor();
  });

  it('R4.4 keeps an edit made meanwhile, shows that it waits, and sends it', async () => {
    await line.cut();
    await pill(/verbinde/).waitFor();
    const box = page.getByRole('checkbox', { name: 'Fall F-1 erledigt' });
    await box.click();
    await eventually(async () => expect(await box.getAttribute('data-pending')).toBe('true'));
    expect(await cluster.sql('select done from records order by id')).toEqual([{ done: false }, { done: false }]);
    line.mend();
    await eventually(
      async () =>
        expect(await cluster.sql('select done from records order by id')).toEqual([{ done: true }, { done: true }]),
      40_000,
    );
    await eventually(async () => expect(await box.getAttribute('data-pending')).toBeNull());
  });

  it('keeps nothing of a person in a tab in which another signs in', async () => {
    const ben = await cluster.addPerson('Ben Brandt', { workspace: cluster.workspace, role: 'editor' });
    const lockedTexts = () => page.evaluate(() => sessionStorage.getItem('meldesync.tab'));
    const before = await lockedTexts();
    await page.getByRole('searchbox').fill('F-1');
    // It is kept under a key, so that nobody reads it in what the browser keeps.
    await eventually(async () => expect(await lockedTexts()).not.toBe(before));
    expect(await keptBySession(page)).not.toContain('F-1');
    await page.reload();
    await eventually(async () => expect(await page.getByRole('searchbox').inputValue()).toBe('F-1'));
    const locked = await lockedTexts();
    expect(locked).not.toBeNull();
    await cluster.sql('delete from auth.session where user_id = $1', [anna.id]);
    await line.cut();
    line.mend();
    await pill(/anmelden/).waitFor({ timeout: 40_000 });
    await page.getByRole('button', { name: 'Wieder anmelden' }).click();
    await enterCredentials(page, ben);
    await page
      .getByRole('banner')
      .getByRole('button', { name: /Ben Brandt/ })
      .waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
    expect(await keptBySession(page)).not.toContain(locked);
  });

  it('says that a session could not be ended while the service is away', async () => {
    // A second session, to be ended.
    const other = await browser.open(cluster, anna);
    await other.context().close();
    await page.goto(`${cluster.url()}/w/${cluster.workspace}/account`);
    const message = (text: RegExp) => page.getByRole('alert').filter({ hasText: text });
    await page
      .getByRole('button', { name: /^Sitzung beenden/ })
      .first()
      .waitFor();
    await page.route('**/api/v1/me/sessions/**', (route) => route.abort());
    await page
      .getByRole('button', { name: /^Sitzung beenden/ })
      .first()
      .click();
    await message(/Sitzung ließ sich nicht beenden/).waitFor();
    await page.route('**/assets/en-*', (route) => route.abort());
    await page.getByText('English').click();
    await message(/Texte dieser Sprache/).waitFor();
  });

  it('keeps the page when the session ends, and goes on after signing in again', async () => {
    await cluster.sql('delete from auth.session where user_id = $1', [anna.id]);
    await line.cut();
    line.mend();
    await pill(/anmelden/).waitFor({ timeout: 40_000 });
    await page.getByRole('button', { name: 'Wieder anmelden' }).click();
    const dialog = page.getByRole('dialog', { name: 'Bitte melden Sie sich wieder an' });
    await dialog.getByLabel(/e-mail/i).fill(anna.email);
    await dialog
      .getByLabel(/passwor/i)
      .first()
      .fill(anna.password);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await pill(/live/).waitFor();
    await cluster.sql(`update records set note = 'danach' where id = any($1)`, [records]);
    await eventually(async () => expect(await note().innerText()).toContain('danach'));
  });
});

/** Everything the tab's session storage holds. */
function keptBySession(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify(sessionStorage));
}
