import { eventually } from '@meldesync/testkit';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { invite, openAdministration, PASSWORD, setUp, tableRow } from './administration-desk.ts';

const { cluster, visit, setUpLink } = await openAdministration();

const FILE = 'email;name;rolle\ngabi@klinik.example;Gabi Groß;Lesen\nhans@klinik.example;Hans Hell;Lesen';

const expectFocus = (locator: Locator) =>
  eventually(async () => expect(await locator.evaluate((one) => one === document.activeElement)).toBe(true));
/** The service asks once more for the password before the next act. */
const growOld = () => cluster.sql(`update auth.session set authenticated_at = now() - interval '1 day'`);

async function prove(page: Page): Promise<void> {
  const question = page.getByRole('dialog', { name: /Bitte bestätigen Sie/ });
  await expectFocus(question.getByLabel('Passwort', { exact: true }));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await question.waitFor({ state: 'detached' });
}

it('who opens a page with a form may type at once, and is taken to what is wrong with it until it is mended', async () => {
  const page = await visit(await setUpLink());
  const [name, email] = [page.getByLabel('Name').first(), page.getByLabel('E-Mail-Adresse')];
  await expectFocus(name);
  await page.keyboard.press('Enter');
  await page.getByText('Bitte geben Sie Ihren Namen ein.').waitFor();
  await page.getByRole('button', { name: 'Einrichten und anmelden' }).press('Enter');
  await expectFocus(name);
  await page.keyboard.type('Ida Ihle');
  await page.getByText('Bitte geben Sie Ihren Namen ein.').waitFor({ state: 'detached' });
  await page.getByText('Bitte geben Sie Ihre E-Mail-Adresse ein.').waitFor();
  await page.keyboard.press('Enter');
  await expectFocus(email);
  await page.keyboard.type('ida@klinik.example');
  await page.getByLabel('Passwort', { exact: true }).fill('Passwort1234');
  await page.getByLabel('Name').last().fill('Humangenetik');
  await page.keyboard.press('Enter');
  // What only the service sees is shown, and told, as what the form sees itself.
  const password = page.getByLabel('Passwort', { exact: true });
  await expectFocus(password);
  await page
    .getByRole('textbox', { name: 'Passwort', exact: true, description: /leicht zu erraten.*12 bis 256/ })
    .waitFor();
  await page.goto(`${cluster.url()}/sign-in`);
  await expectFocus(email);
  await page.context().close();
});

it('the focus is in the dialog on top, and goes on where it came from, by keys alone', async () => {
  const ida = await visit(await setUpLink());
  await setUp(ida);
  await invite(ida, { name: 'Anna Albers', email: 'anna@klinik.example', role: 'Bearbeiten' });
  const dialog = ida.getByRole('dialog');

  // A button that is disabled while it works, a question in between, and a dialog after it.
  await growOld();
  const renew = tableRow(ida, 'anna@klinik.example').getByRole('button', { name: /^Neuer Link/ });
  await renew.focus();
  await ida.keyboard.press('Enter');
  await prove(ida);
  await expectFocus(dialog.getByRole('button', { name: 'Link kopieren' }));
  await ida.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expectFocus(renew);

  // What a dialog shows next takes the place of what had the focus.
  await growOld();
  await ida.getByRole('button', { name: 'Aus CSV' }).press('Enter');
  await dialog.getByLabel('Oder hier einfügen').fill(FILE);
  await dialog.getByRole('button', { name: '2 Personen einladen' }).press('Enter');
  await prove(ida);
  await expectFocus(dialog.getByRole('button', { name: 'Als CSV speichern' }));
  await ida.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expectFocus(ida.getByRole('button', { name: 'Aus CSV' }));

  // A menu that closes gives the focus back to its button, which is behind the dialog then.
  await ida
    .getByRole('navigation', { name: 'Bereiche der Verwaltung' })
    .getByRole('link', { name: 'Mitglieder' })
    .click();
  const menu = tableRow(ida, 'Ida Ihle').getByRole('button', { name: /^Weitere Schritte/ });
  for (const [item, inside] of [
    ['Ablauf ändern', dialog.getByLabel('Mitglied bis')],
    ['Entfernen', dialog.getByRole('button', { name: 'Abbrechen' })],
  ] as const) {
    await menu.press('Enter');
    const wanted = ida.getByRole('menuitem', { name: item, exact: true });
    await ida.getByRole('menuitem').first().waitFor();
    await wanted.press('Enter');
    await dialog.waitFor();
    await menu.waitFor({ state: 'attached' });
    await ida.waitForFunction(() => document.querySelector('[role="menu"]') === null);
    await expectFocus(inside);
    await ida.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expectFocus(menu);
  }
});
