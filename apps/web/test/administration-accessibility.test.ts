import { eventually } from '@meldesync/testkit';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { invite, openAdministration, setUp, tableRow } from './administration-desk.ts';
import { findBarriers } from './axe.ts';

const { cluster, browser, visit, setUpLink } = await openAdministration();

const setUpPage = await setUpLink();
const waiting = await visit(cluster.url());
await waiting.getByText('wartet noch auf ihre Einrichtung').waitFor();
const ida = await visit(setUpPage);

const expectNone = async (page: Page): Promise<void> => expect(await findBarriers(page)).toEqual([]);
const toSection = (page: Page, section: string, of = '') =>
  page.goto(`${cluster.url()}/administration/${section}${of === '' ? '' : `?of=${of}`}`);

it('before set-up: sign-in says what is awaited, the form of set-up also says what it lacks', async () => {
  await expectNone(waiting);
  await ida.getByLabel('E-Mail-Adresse').waitFor();
  await expectNone(ida);
  await ida.getByRole('button', { name: 'Einrichten und anmelden' }).click();
  await ida.getByText('Bitte geben Sie Ihren Namen ein.').waitFor();
  await expectNone(ida);
  await setUp(ida);
});

const LOOKS = [
  { name: 'German, light', options: { locale: 'de-DE', colorScheme: 'light' } },
  { name: 'English, dark', options: { locale: 'en-GB', colorScheme: 'dark' } },
  {
    name: 'German, dark, on a phone',
    options: { locale: 'de-DE', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  },
] as const satisfies readonly { name: string; options: BrowserContextOptions }[];

const isInView = (link: Locator) =>
  link.evaluate((one) => {
    const { left, right } = one.getBoundingClientRect();
    return left >= 0 && right <= document.documentElement.clientWidth;
  });

describe.each(LOOKS)('$name', ({ name, options }) => {
  it('every section of Verwaltung, with what opens in it', async () => {
    const workspace = new URL(ida.url()).pathname.split('/')[2] ?? '';
    const page = await (await browser.context(options)).newPage();
    await page.context().addCookies(await ida.context().cookies());

    await page.goto(`${cluster.url()}/w/${workspace}/administration`);
    await tableRow(page, 'ida@klinik.example').waitFor();
    await expectNone(page);
    await page.getByRole('button', { name: /^(Weitere Schritte|More actions) f/ }).click();
    await page.getByRole('menuitem').first().waitFor();
    await expectNone(page);
    await page.getByRole('menuitem', { name: /^(Ablauf ändern|Change end)$/ }).click();
    await page.getByRole('dialog').waitFor();
    await expectNone(page);
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: /Ida/ }).selectOption('viewer');
    await page.getByRole('alert').waitFor();
    await expectNone(page);

    const nav = page.getByRole('navigation', { name: /Bereiche der Verwaltung|Parts of administration/ });
    await nav.getByRole('link', { name: /^(Einladungen|Invitations)$/ }).click();
    await page
      .getByRole('heading', { name: /^(Noch keine Einladung|No invitation yet)$/ })
      .or(tableRow(page, '@'))
      .first()
      .waitFor();
    await expectNone(page);
    await page
      .getByRole('main')
      .getByRole('button', { name: /^(Einladen|Invite)$/ })
      .click();
    await page.getByRole('dialog').waitFor();
    await expectNone(page);
    await page
      .getByRole('dialog')
      .getByLabel(/E-[Mm]ail/)
      .fill(`${name.replaceAll(/\W/g, '')}@klinik.example`);
    await page.keyboard.press('Enter');
    await page.getByLabel('Link', { exact: true }).waitFor();
    await expectNone(page);
    await page.keyboard.press('Escape');
    await tableRow(page, '@klinik.example').first().waitFor();
    await expectNone(page);
    await page.getByRole('button', { name: /^(Aus CSV|From CSV)$/ }).click();
    await page
      .getByRole('textbox')
      .last()
      .fill('email;rolle;bis\nneu@klinik.example;editor;2099-12-31\nfalsch;editor;bald\n');
    await page.getByText(/^(wird eingeladen|will be invited)$/).waitFor();
    // Until when each is to belong, and what cannot be read as it is written.
    for (const until of [/^31(\.12\.| Dec )99$/, 'bald']) await page.getByRole('cell', { name: until }).waitFor();
    await expectNone(page);
    await page.getByRole('button', { name: /^(1 Person einladen|Invite 1 person)$/ }).click();
    await page.getByRole('button', { name: /^(Als CSV speichern|Save as CSV)$/ }).waitFor();
    await expectNone(page);
    await page.keyboard.press('Escape');
    await cluster.sql(`update invitations set revoked_at = now() where email = 'neu@klinik.example'`);

    await nav.getByRole('link', { name: /^(Dienstkonten|Service accounts)$/ }).click();
    await page
      .getByRole('main')
      .getByRole('button', { name: /^(Dienstkonto anlegen|Create service account)$/ })
      .click();
    await page.getByRole('dialog').getByLabel('Name').fill(`Dienst ${name}`);
    await expectNone(page);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: new RegExp(`(Neues Token|New token) f.* ${name}`) }).click();
    await page.getByRole('dialog').getByRole('textbox').first().fill('Keller');
    await expectNone(page);
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Token', exact: true }).waitFor();
    await expectNone(page);
    // It is shown this once.
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Token', exact: true }).selectText();
    await page.getByRole('button', { name: /^(Fertig|Done)$/ }).click();
    await page.getByRole('row').filter({ hasText: 'Keller' }).first().waitFor();
    await expectNone(page);

    await nav.getByRole('link', { name: /^(Einstellungen|Settings)$/ }).click();
    await page.getByRole('heading', { name: /^(Archivieren|Archive)$/ }).waitFor();
    await expectNone(page);
    await nav.getByRole('link', { name: /^(Verlauf|History)$/ }).click();
    await page.getByRole('row').nth(1).waitFor();
    await expectNone(page);

    await page.context().close();
  });

  it('Verwaltung outside of any workspace, and who belongs to none', async () => {
    const page = await (await browser.context(options)).newPage();
    await page.context().addCookies(await ida.context().cookies());
    for (const section of ['workspaces', 'accounts', 'events']) {
      await toSection(page, section);
      await page.getByRole('row').nth(1).waitFor();
      await expectNone(page);
      // Also where the sections are a strip that is longer than the screen.
      await eventually(async () => expect(await isInView(page.locator('nav [aria-current]').last())).toBe(true));
    }
    await page.route('**/api/v1/me', async (route) => {
      const me = (await (await route.fetch()).json()) as object;
      await route.fulfill({ json: { ...me, workspaces: [] } });
    });
    await page.goto(cluster.url());
    await page.getByRole('link', { name: /^(Verwaltung öffnen|Open administration)$/ }).waitFor();
    await expectNone(page);
    await page.context().close();
  });

  it('an invitation for who has no account, for who has one, and a link that does not work', async () => {
    const back = ida.getByRole('navigation', { name: 'Bereiche der Verwaltung' });
    await back.getByRole('link', { name: 'Einladungen' }).click();
    const email = `gast-${name.replaceAll(/\W/g, '')}@klinik.example`;
    const link = await invite(ida, { name: 'Gast', email, role: 'Lesen' });
    const page = await visit(link, options);
    await page.getByRole('heading', { name: /Humangenetik/ }).waitFor();
    await page.getByLabel(/^(Passwort|Password)$/).waitFor();
    await expectNone(page);
    // Who is signed in cannot be found out: that is said, and can be tried again.
    await page.route('**/api/v1/me', (route) => route.abort());
    await page.goto(`${cluster.url()}/sign-in`);
    await page.goto(link);
    await page.getByRole('alert').waitFor();
    await expectNone(page);
    await page.unroute('**/api/v1/me');
    await page.getByRole('button', { name: /^(Erneut versuchen|Try again)$/ }).click();
    await page.getByLabel(/^(Passwort|Password)$/).waitFor();
    await page.goto(`${cluster.url()}/new-password#${'x'.repeat(43)}`);
    await page.getByRole('alert').waitFor();
    await expectNone(page);
    await page.context().close();
  });
});
