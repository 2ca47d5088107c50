import { eventually } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import {
  accept,
  choose,
  confirm,
  type Invited,
  invite,
  openAdministration,
  PASSWORD,
  setUp,
  tableRow,
} from './administration-desk.ts';

const { cluster, visit, setUpLink } = await openAdministration();

const TEAM: readonly Invited[] = [
  { name: 'Anna Albers', email: 'anna@klinik.example', role: 'Bearbeiten' },
  { name: 'Ben Brandt', email: 'ben@klinik.example', role: 'Bearbeiten' },
  { name: 'Vera Vogt', email: 'vera@klinik.example', role: 'Lesen' },
  { name: 'Rolf Reuter', email: 'rolf+pruefung@klinik.example', role: 'Prüfen' },
  { name: 'Adele Adam', email: 'adele@klinik.example', role: 'Verwalten' },
  { name: 'Carl Conrad', email: 'carl@klinik.example', role: 'Bearbeiten' },
];

it('from a set-up link to a working team, by the web alone', { timeout: 300_000 }, async () => {
  const ida = await visit(await setUpLink());
  // The secret is out of the address before anybody could read it there.
  expect(new URL(ida.url()).hash).toBe('');
  await setUp(ida);

  const pages = new Map<string, Page>();
  for (const person of TEAM) {
    const link = await invite(ida, person);
    const page = await visit(link);
    await page.getByRole('heading', { name: 'Willkommen bei Humangenetik' }).waitFor();
    expect(new URL(page.url()).hash).toBe('');
    expect(await page.getByLabel('Name').inputValue()).toBe(person.name);
    await accept(page);
    await page.getByRole('navigation').getByRole('link', { name: 'Fälle' }).waitFor();
    pages.set(person.name, page);
  }

  const nav = ida.getByRole('navigation', { name: 'Bereiche der Verwaltung' });
  await nav.getByRole('link', { name: 'Arbeitsbereiche' }).click();
  await ida.getByRole('button', { name: 'Arbeitsbereich anlegen' }).click();
  await ida.getByRole('dialog').getByLabel('Name des Arbeitsbereichs').fill('Kinderklinik');
  await confirm(ida, 'Anlegen');
  await nav.getByRole('heading', { name: 'Kinderklinik' }).waitFor();
  // One is here, and not also where the way back leads; and nobody is yet.
  await eventually(async () => expect(await nav.locator('[aria-current]').allTextContents()).toEqual(['Mitglieder']));
  await ida.getByRole('heading', { name: 'Noch niemand gehört dazu' }).waitFor();
  await nav.getByRole('link', { name: 'Zurück zu Humangenetik' }).click();
  await nav.getByRole('link', { name: 'Mitglieder' }).click();

  await choose(ida, 'Ben Brandt', 'Aussetzen');
  await confirm(ida, 'Aussetzen');
  // Keys go on where they were.
  const menu = tableRow(ida, 'Ben Brandt').getByRole('button', { name: /^Weitere Schritte/ });
  await eventually(async () => expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true));
  await tableRow(ida, 'Ben Brandt').getByText('ausgesetzt').filter({ visible: true }).waitFor();
  await pages
    .get('Ben Brandt')
    ?.getByText(/Kein Zugang zu diesem Arbeitsbereich|Noch kein Arbeitsbereich/)
    .waitFor();

  await choose(ida, 'Carl Conrad', 'Entfernen');
  await confirm(ida, 'Entfernen');
  await eventually(async () => expect(await tableRow(ida, 'Carl Conrad').count()).toBe(0));
  await pages
    .get('Carl Conrad')
    ?.getByText(/Kein Zugang zu diesem Arbeitsbereich|Noch kein Arbeitsbereich/)
    .waitFor();

  await nav.getByRole('link', { name: 'Konten', exact: true }).click();
  await choose(ida, 'Anna Albers', 'Link für neues Passwort');
  await ida.getByRole('dialog').getByRole('button', { name: 'Link erstellen' }).click();
  const link = await ida.getByRole('dialog').getByLabel('Link', { exact: true }).inputValue();
  await confirm(ida, 'Fertig');
  const anew = await visit(link);
  await anew.getByLabel('Neues Passwort').fill(`${PASSWORD}-neu`);
  await anew.getByRole('button', { name: 'Passwort setzen und anmelden' }).click();
  await anew.getByRole('navigation').getByRole('link', { name: 'Fälle' }).waitFor();

  await nav.getByRole('link', { name: 'Dienstkonten' }).click();
  await ida.getByRole('button', { name: 'Dienstkonto anlegen' }).first().click();
  await ida.getByRole('dialog').getByLabel('Name').fill('Nachtabgleich');
  await confirm(ida, 'Anlegen');
  await ida.getByRole('button', { name: 'Neues Token für Nachtabgleich' }).click();
  await ida.getByRole('dialog').getByLabel('Bezeichnung').fill('Server im Keller');
  await ida.getByRole('dialog').getByRole('button', { name: 'Token erstellen' }).click();
  const token = await ida.getByRole('dialog').getByLabel('Token', { exact: true }).inputValue();
  await confirm(ida, 'Fertig');
  const workspaces = await fetch(`${cluster.url()}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  expect((await workspaces.json()) as object).toMatchObject({ workspaces: [{ name: 'Humangenetik', role: 'editor' }] });

  await nav.getByRole('link', { name: 'Protokoll' }).click();
  for (const kind of ['Token erstellt', 'Mitglied entfernt', 'Mitglied ausgesetzt', 'Passwort über Link gesetzt'])
    await tableRow(ida, kind).first().waitFor();
});
