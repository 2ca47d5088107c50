import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { startBrowser, type TestBrowser } from './browser.ts';

/** Names and lengths of texts hang on the language, contrast on the theme, and neither on the other: two looks have all. */
const LOOKS = [
  { name: 'German, light', options: { locale: 'de-DE', colorScheme: 'light' } },
  { name: 'English, dark', options: { locale: 'en-GB', colorScheme: 'dark' } },
] as const satisfies readonly { name: string; options: BrowserContextOptions }[];

/** Texts of either language. */
const TEXT = {
  imports: /^(Importe|Imports)$/,
  noMatch: /^(Kein Fall passt|No case matches)$/,
  rows: /^(Zeilen von|Open rows of)/,
  notFound: /^(Diese Seite gibt es nicht|This page does not exist)$/,
  noAccess: /^(Kein Zugang|No access)/,
  viewer: /^(Sie haben nur Leserechte; importieren|You can only read; importing)/,
  noCases: /^(Noch keine Meldebestätigungen|No Meldebestätigungen yet)$/,
};

describe('accessibility (WCAG 2.2 AA)', () => {
  let cluster: Cluster;
  let browser: TestBrowser;
  let editor: TestPerson;
  let viewer: TestPerson;
  let newcomer: TestPerson;

  beforeAll(async () => {
    cluster = await startCluster({ web: true, nodes: 1 });
    browser = await startBrowser();
    editor = await cluster.addPerson('Elif Editor', { workspace: cluster.workspace, role: 'editor' });
    viewer = await cluster.addPerson('Vera Viewer', { workspace: cluster.workspace, role: 'viewer' });
    const empty = await cluster.addWorkspace('Zweigklinik');
    newcomer = await cluster.addPerson('Nils Neu', { workspace: empty, role: 'editor' });
    // With a second workspace the header has its switcher.
    const membership = 'insert into members (workspace_id, user_id, role) values ($1, $2, $3)';
    await cluster.sql(membership, [empty, editor.id, 'viewer']);
    await cluster.addRecords(1, { first: 1, artDerDaten: 'G', caseId: 'F-1', qualitaetskontrolle: 0 });
    await cluster.addRecords(1, { first: 2, artDerDaten: 'C', caseId: 'F-1' });
    await cluster.addRecords(1, { first: 3, artDerDaten: 'C', caseId: 'F-2' });
    await cluster.addRecords(2, { first: 4 });
    await cluster.sql(`update records set note = 'Rückfrage', assignee = $1 where case_id = 'F-2'`, [editor.id]);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  const expectNone = async (page: Page): Promise<void> => expect(await findBarriers(page)).toEqual([]);

  describe.each(LOOKS)('$name', ({ options }) => {
    it('sign-in, also after a failure', async () => {
      const page = await (await browser.context(options)).newPage();
      await page.goto(cluster.url());
      await page.getByLabel(/e-mail/i).fill('niemand@test.example');
      await expectNone(page);
      await page
        .getByLabel(/passwor/i)
        .first()
        .fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      await expectNone(page);
      await page.context().close();
    });

    it('cases, a cell with each editor, the panel', async () => {
      const page = await browser.open(cluster, editor, options);
      await page.getByRole('row').filter({ hasText: 'F-1' }).waitFor();
      await expectNone(page);

      const grid = page.getByRole('grid');
      await grid.locator('[data-col=caseId][role=gridcell]').first().focus();
      await page.keyboard.press('e');
      await grid.getByRole('textbox').fill('F-1\u200B');
      await grid.getByRole('alert').waitFor();
      await expectNone(page);
      await page.keyboard.press('Escape');

      for (const [moves, opened] of [
        [7, page.getByRole('dialog')],
        [1, page.getByRole('listbox')],
      ] as const) {
        for (let move = 0; move < moves; move++) await page.keyboard.press(moves === 7 ? 'ArrowRight' : 'ArrowLeft');
        await page.keyboard.press('F2');
        await opened.waitFor();
        await expectNone(page);
        await page.keyboard.press('Escape');
        await opened.waitFor({ state: 'detached' });
      }

      await page.keyboard.press('Enter');
      await page.getByRole('complementary').getByRole('heading', { level: 2 }).waitFor();
      await page.getByRole('complementary').getByRole('listitem').first().waitFor();
      await expectNone(page);

      await page.context().close();
    });

    it('the help, the menus, a search without a result', async () => {
      const page = await browser.open(cluster, editor, options);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      await expectNone(page);
      await page.keyboard.press('Escape');

      const banner = page.getByRole('banner');
      for (const button of await banner.getByRole('button').all()) {
        await button.click();
        await page.locator('[role=menu], [role=dialog]').waitFor();
        await expectNone(page);
        await page.keyboard.press('Escape');
        await page.locator('[role=menu], [role=dialog]').waitFor({ state: 'detached' });
      }

      await page.keyboard.press('/');
      await page.keyboard.type('gibtesnicht');
      await page.getByRole('heading', { name: TEXT.noMatch }).waitFor();
      await expectNone(page);
      await page.context().close();
    });

    it('imports with a finished and a failed file, rows of one, the account', async () => {
      const page = await browser.open(cluster, editor, options);
      await page.getByRole('link', { name: TEXT.imports }).click();
      const vorgangsnummer = 'ab'.repeat(32);
      await page.locator('input[type=file]').setInputFiles([
        { name: 'leer.csv', mimeType: 'text/csv', buffer: Buffer.from('') },
        {
          name: 'teilweise.csv',
          mimeType: 'text/csv',
          buffer: Buffer.from(`Vorgangsnummer,Meldebestaetigung\n${vorgangsnummer},IBE+kaputt\n`),
        },
      ]);
      const row = page.getByRole('row').filter({ hasText: 'teilweise.csv' }).first();
      await eventually(async () => expect(await row.innerText()).toMatch(/fertig|finished/));
      await expectNone(page);
      await row.getByRole('button', { name: TEXT.rows }).click();
      await page.getByRole('complementary').getByRole('listitem').first().waitFor();
      await expectNone(page);

      await page.keyboard.press('g');
      await page.keyboard.press('k');
      await page.getByRole('switch').waitFor();
      await page.getByRole('main').getByRole('listitem').first().waitFor();
      await expectNone(page);
      await page.context().close();
    });

    it('a viewer, an empty workspace, a page that does not exist, a workspace of others', async () => {
      const page = await browser.open(cluster, viewer, options);
      await page.getByRole('row').filter({ hasText: 'F-1' }).waitFor();
      await expectNone(page);
      await page.getByRole('link', { name: TEXT.imports }).click();
      await page.getByText(TEXT.viewer).waitFor();
      await expectNone(page);
      await page.goto(`${cluster.url()}/w/${cluster.workspace}/nirgends`);
      await page.getByRole('heading', { name: TEXT.notFound }).waitFor();
      await expectNone(page);
      await page.goto(`${cluster.url()}/w/00000000-0000-4000-8000-000000000000/cases`);
      await page.getByRole('heading', { name: TEXT.noAccess }).waitFor();
      await expectNone(page);
      await page.context().close();

      const other = await (await browser.context(options)).newPage();
      await other.request.post(`${cluster.url()}/api/auth/sign-in/email`, {
        data: { email: newcomer.email, password: newcomer.password },
        headers: { origin: cluster.url() },
      });
      await other.goto(cluster.url());
      await other.getByRole('heading', { name: TEXT.noCases }).waitFor();
      await expectNone(other);
      await other.context().close();
    });
  });
});
