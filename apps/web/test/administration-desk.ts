import { createHash, randomBytes } from 'node:crypto';
import { ResourceStack } from '@meldesync/lifecycle';
import { type Cluster, startCluster } from '@meldesync/testkit';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { startBrowser, type TestBrowser } from './browser.ts';

/** What everybody chooses here: long, and in no list. */
export const PASSWORD = 'viele-gelbe-Fahrraeder-7';

/** A cluster in which nobody is yet, and a browser. */
export interface AdministrationDesk {
  readonly cluster: Cluster;
  readonly browser: TestBrowser;
  /** The address of a set-up link, as a start prints it. */
  readonly setUpLink: () => Promise<string>;
  /** A page in a browser of its own, on an address. */
  readonly visit: (url: string, options?: BrowserContextOptions) => Promise<Page>;
}

/** Begins as a hospital does; ends after the tests of the file. */
export async function openAdministration(): Promise<AdministrationDesk> {
  await using stack = new ResourceStack();
  const cluster = stack.use(await startCluster({ web: true, nodes: 2, worker: false }));
  const browser = stack.use(await startBrowser());
  const opened = stack.move();
  afterAll(() => opened[Symbol.asyncDispose]());
  return {
    cluster,
    browser,
    setUpLink: async () => {
      const secret = randomBytes(32).toString('base64url');
      const hash = createHash('sha256').update(secret).digest('hex');
      const link = `insert into account_links (kind, secret_hash, expires_at) values ('setup', $1, now() + interval '1 hour')`;
      await cluster.sql(link, [hash]);
      return `${cluster.url()}/set-up#${secret}`;
    },
    visit: async (url, options = {}) => {
      const page = await (await browser.context(options)).newPage();
      await page.goto(url);
      return page;
    },
  };
}

/** Sets the installation up by its page; the page is in Verwaltung then. */
export async function setUp(page: Page, { name = 'Ida Ihle', email = 'ida@klinik.example' } = {}): Promise<void> {
  await page.getByLabel('Name').first().fill(name);
  await page.getByLabel('E-Mail-Adresse').fill(email);
  await page.getByLabel('Passwort', { exact: true }).fill(PASSWORD);
  await page.getByRole('group', { name: 'Erster Arbeitsbereich' }).getByLabel('Name').fill('Humangenetik');
  await page.getByRole('button', { name: 'Einrichten und anmelden' }).click();
  await page.getByRole('heading', { name: 'Alles bereit: Laden Sie Ihr Team ein' }).waitFor();
}

/** Whom to invite, and as what. */
export interface Invited {
  readonly name: string;
  readonly email: string;
  readonly role: 'Lesen' | 'Bearbeiten' | 'Verwalten' | 'Prüfen';
}

/** Invites somebody by the dialog of the section that is open; the address of the link. */
export async function invite(page: Page, { name, email, role }: Invited): Promise<string> {
  await page.getByRole('main').getByRole('button', { name: 'Einladen', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-Mail-Adresse').fill(email);
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('radio', { name: role }).check();
  await dialog.getByRole('button', { name: 'Einladung erstellen' }).click();
  const link = await dialog.getByLabel('Link', { exact: true }).inputValue();
  await dialog.getByRole('button', { name: 'Fertig' }).click();
  await dialog.waitFor({ state: 'detached' });
  return link;
}

/** Accepts an invitation as somebody who has no account yet; the page shows the list then. */
export async function accept(page: Page): Promise<void> {
  await page.getByLabel('Passwort', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Konto anlegen und anmelden' }).click();
}

/** A row of the table of the section that is open, by what stands in it. */
export const tableRow = (page: Page, text: string) => page.getByRole('main').getByRole('row').filter({ hasText: text });

/** Opens the menu of a row and chooses from it. */
export async function choose(page: Page, row: string, item: string): Promise<void> {
  await tableRow(page, row)
    .getByRole('button', { name: /^Weitere Schritte/ })
    .click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** Confirms the dialog that is open, and waits until it is done. */
export async function confirm(page: Page, button: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}
