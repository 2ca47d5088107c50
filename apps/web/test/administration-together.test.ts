import { eventually } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  accept,
  choose,
  confirm,
  invite,
  openAdministration,
  PASSWORD,
  setUp,
  tableRow,
} from './administration-desk.ts';
import { findBarriers } from './axe.ts';
import { keptIn } from './kept.ts';

const { cluster, visit, setUpLink } = await openAdministration();
const ida = await visit(await setUpLink());
await setUp(ida);

const roleOf = (page: Page, name: string) => tableRow(page, name).getByRole('combobox');
const toSection = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Bereiche der Verwaltung' }).getByRole('link', { name, exact: true }).click();

/** Invites somebody and accepts in a browser of their own, on the other node. */
async function comeIn(name: string, email: string, role: 'Verwalten' | 'Bearbeiten'): Promise<Page> {
  await toSection(ida, 'Einladungen');
  const link = new URL(await invite(ida, { name, email, role }));
  const page = await visit(cluster.url(1) + link.pathname + link.hash);
  await accept(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Fälle' }).waitFor();
  return page;
}

const adele = await comeIn('Adele Adam', 'adele@klinik.example', 'Verwalten');
const ben = await comeIn('Ben Brandt', 'ben@klinik.example', 'Bearbeiten');

describe('two administrators', () => {
  it('what one does stands on the screen of the other, on another node, without a look from them', async () => {
    await adele.keyboard.press('g');
    await adele.keyboard.press('v');
    await tableRow(adele, 'Ben Brandt').waitFor();
    // A page that nobody looks at asks nothing by itself.
    await toSection(ida, 'Mitglieder');
    await roleOf(ida, 'Ben Brandt').selectOption('viewer');
    await eventually(async () => expect(await roleOf(adele, 'Ben Brandt').inputValue()).toBe('viewer'));
    await roleOf(adele, 'Ben Brandt').selectOption('editor');
    await eventually(async () => expect(await roleOf(ida, 'Ben Brandt').inputValue()).toBe('editor'));
  });

  it('change one member at once: the later is told how it is now, and may still apply what they meant', async () => {
    let letGo: () => void = () => undefined;
    const isHeld = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    // Ida has chosen before she could hear of it.
    await ida.route('**/members/*', async (route) => {
      await isHeld;
      await route.continue();
    });
    await roleOf(ida, 'Ben Brandt').selectOption('viewer');
    await roleOf(adele, 'Ben Brandt').selectOption('auditor');
    await adele.getByText('Ben Brandt darf jetzt: Prüfen.').waitFor();
    letGo();
    const note = ida.getByRole('main').getByRole('alert');
    await note.waitFor();
    expect(await note.innerText()).toContain('Jetzt gilt: Rolle „Prüfen“');
    expect(await note.innerText()).toContain('Ihre Änderung: Rolle „Lesen“');
    await note.getByRole('button', { name: 'Trotzdem anwenden' }).click();
    await eventually(async () => expect(await roleOf(adele, 'Ben Brandt').inputValue()).toBe('viewer'));
    expect(await note.count()).toBe(0);
  });

  it('all tokens of a program end at once, on both screens', async () => {
    for (const page of [ida, adele]) await toSection(page, 'Dienstkonten');
    await ida.getByRole('button', { name: 'Dienstkonto anlegen' }).first().click();
    await ida.getByRole('dialog').getByLabel('Name').fill('Nachtlauf');
    await confirm(ida, 'Anlegen');
    for (const label of ['Keller', 'Dach']) {
      await ida.getByRole('button', { name: 'Neues Token für Nachtlauf' }).click();
      await ida.getByRole('dialog').getByLabel('Bezeichnung').fill(label);
      await ida.getByRole('dialog').getByRole('button', { name: 'Token erstellen' }).click();
      await confirm(ida, 'Fertig');
      await tableRow(adele, label).waitFor();
    }
    await ida.getByRole('button', { name: 'Weitere Schritte für Nachtlauf' }).click();
    await ida.getByRole('menuitem', { name: 'Alle Tokens beenden' }).click();
    expect(await ida.getByRole('dialog').innerText()).toContain('Alle 2 Tokens gelten sofort nicht mehr');
    expect(await findBarriers(ida)).toEqual([]);
    await confirm(ida, 'Alle Tokens beenden');
    await ida.getByText('2 Tokens von „Nachtlauf“ sind beendet.').waitFor();
    for (const page of [ida, adele]) await page.getByText('Kein Token: So kann es nichts.').waitFor();
    for (const page of [ida, adele]) await toSection(page, 'Mitglieder');
  });

  it('the last administrator stays, and the row says why', async () => {
    await roleOf(ida, 'Adele Adam').selectOption('editor');
    await ida.getByText('Adele Adam darf jetzt: Bearbeiten.').waitFor();
    await roleOf(ida, 'Ida Ihle').selectOption('viewer');
    await ida.getByText('Es bliebe niemand übrig, der verwalten darf.').waitFor();
    expect(await roleOf(ida, 'Ida Ihle').inputValue()).toBe('admin');
    await ida.getByRole('button', { name: 'Verstanden' }).click();
    // Who administers no more has no Verwaltung any more, without a reload.
    await adele.getByRole('heading', { name: 'Die Verwaltung ist Administratoren vorbehalten' }).waitFor();
    expect(await adele.getByRole('link', { name: 'Verwaltung' }).count()).toBe(0);
  });

  it('what is open to an administrator comes and goes with the role', async () => {
    const nav = ben.getByRole('navigation', { name: 'Hauptbereiche' });
    const links = ['Fälle', 'Importe', 'Protokoll', 'Betrieb', 'Verwaltung'];
    const expectLinks = (wanted: readonly string[]) =>
      eventually(async () => expect(await nav.getByRole('link').allTextContents()).toEqual(wanted));
    await toSection(ida, 'Mitglieder');
    await roleOf(ida, 'Ben Brandt').selectOption('admin');
    await expectLinks(links);
    await roleOf(ida, 'Ben Brandt').selectOption('editor');
    await expectLinks(links.slice(0, 2));
  });

  it('who is suspended is back without a reload as soon as they are let in again', async () => {
    const shutOut = async (): Promise<void> => {
      await choose(ida, 'Ben Brandt', 'Aussetzen');
      await confirm(ida, 'Aussetzen');
      await ben.getByRole('heading', { name: 'Kein Zugang zu diesem Arbeitsbereich' }).waitFor();
    };
    const letIn = async (): Promise<void> => {
      await choose(ida, 'Ben Brandt', 'Wieder zulassen');
      await ben.getByRole('button', { name: /live/ }).waitFor();
    };
    await shutOut();
    await ben.getByRole('button', { name: 'Erneut versuchen' }).click();
    await ben.getByRole('status').filter({ hasText: 'noch kein Zugang' }).waitFor();
    expect(await findBarriers(ben)).toEqual([]);
    await letIn();
    await shutOut();
    await ben.getByRole('link', { name: 'Zu den Fällen' }).click();
    await ben.getByRole('heading', { name: 'Noch kein Arbeitsbereich' }).waitFor();
    await letIn();
  });

  it('who is removed sees the list no more, at once and in words', async () => {
    await ben.getByRole('button', { name: /live/ }).waitFor();
    await choose(ida, 'Ben Brandt', 'Entfernen');
    expect(await ida.getByRole('dialog').innerText()).toContain('sofort überall von diesem Arbeitsbereich abgemeldet');
    await confirm(ida, 'Entfernen');
    await ben.getByRole('heading', { name: 'Kein Zugang zu diesem Arbeitsbereich' }).waitFor();
    expect(await ben.getByRole('grid').count()).toBe(0);
  });

  it('a workspace that is renamed has its new name in the header of everybody', async () => {
    await toSection(ida, 'Einstellungen');
    await ida.getByRole('textbox', { name: 'Name des Arbeitsbereichs' }).fill('Institut für Humangenetik');
    await ida.getByRole('button', { name: 'Speichern' }).click();
    await adele.getByRole('banner').getByText('Institut für Humangenetik').waitFor();
    await ida.getByRole('banner').getByText('Institut für Humangenetik').waitFor();
  });
});

describe("somebody else's invitation", () => {
  it('is opened after whoever is signed in signed out, of whom nothing is kept any more', async () => {
    const carla = await comeIn('Carla Conrad', 'carla@klinik.example', 'Bearbeiten');
    await eventually(async () => expect(await keptIn(carla, 'keyring')).toHaveLength(1));
    await toSection(ida, 'Einladungen');
    const link = new URL(await invite(ida, { name: 'Dora Dorn', email: 'dora@klinik.example', role: 'Lesen' }));
    const page = await carla.context().newPage();
    await page.goto(cluster.url(1) + link.pathname + link.hash);
    await page.getByRole('button', { name: 'Als Carla Conrad abmelden' }).click();
    await page.getByLabel('Passwort', { exact: true }).waitFor();
    await carla.getByRole('heading', { name: 'Anmelden' }).waitFor();
    for (const kind of ['keyring', 'answers', 'copies', 'parts'] as const) expect(await keptIn(page, kind)).toEqual([]);
    await accept(page);
    await page
      .getByRole('banner')
      .getByRole('button', { name: /Dora Dorn/ })
      .waitFor();
  });
});

describe('two accounts of one person', () => {
  it('become one, with the links of both; a link is taken away when somebody says so', async () => {
    const double = await cluster.addPerson('Clara Conrad');
    await cluster.sql(
      `insert into auth.account (id, account_id, provider_id, user_id, updated_at) values ('double', 'https://sso.test|c', 'oidc', $1, now())`,
      [double.id],
    );
    await toSection(ida, 'Konten');
    await choose(ida, 'Clara Conrad', 'Mit anderem Konto zusammenführen');
    const dialog = ida.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Zusammenführen' }).click();
    await dialog.getByText('Wählen Sie das Konto, das bleibt.').waitFor();
    await dialog.getByRole('textbox', { name: 'Dieses Konto bleibt' }).fill('carla@');
    await dialog.getByRole('option', { name: /carla@/ }).click();
    expect(await findBarriers(ida)).toEqual([]);
    await confirm(ida, 'Zusammenführen');
    await eventually(async () => expect(await tableRow(ida, double.email).count()).toBe(0));
    await choose(ida, 'Carla Conrad', 'Single Sign-on lösen');
    await confirm(ida, 'Single Sign-on lösen');
    await eventually(async () =>
      expect(await cluster.sql(`select 1 from auth.account where provider_id = 'oidc'`)).toEqual([]),
    );
    expect(await cluster.sql('select 1 from auth."user" where id = $1', [double.id])).toEqual([]);
  });
});

describe('with keys alone', () => {
  it('somebody is invited from the list, and the link is copied', async () => {
    await ida.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: cluster.url() });
    await ida.goto(`${cluster.url()}/`);
    await ida.getByRole('button', { name: /live/ }).waitFor();
    const keys = async (...pressed: string[]): Promise<void> => {
      for (const key of pressed) await ida.keyboard.press(key);
    };
    await keys('g', 'v');
    await tableRow(ida, 'Adele Adam').waitFor();
    await keys('/');
    expect(await ida.evaluate(() => document.activeElement?.id)).toBe('search');
    // From the field: add an account, invite.
    await keys('Tab', 'Tab', 'Enter');
    await eventually(async () =>
      expect(await ida.evaluate(() => document.activeElement?.matches('[role="dialog"] input'))).toBe(true),
    );
    await ida.keyboard.type('gabi@klinik.example');
    await keys('Tab');
    await ida.keyboard.type('Gabi Groß');
    await keys('Tab', 'ArrowUp', 'Enter');
    const field = ida.getByRole('dialog').getByLabel('Link', { exact: true });
    await field.waitFor();
    await eventually(async () =>
      expect(await ida.evaluate(() => document.activeElement?.textContent)).toBe('Link kopieren'),
    );
    await keys('Enter');
    await ida.getByRole('status').filter({ hasText: 'Kopiert' }).first().waitFor({ state: 'attached' });
    expect(await ida.evaluate(() => navigator.clipboard.readText())).toBe(await field.inputValue());
    await keys('Escape');
    await tableRow(ida, 'gabi@klinik.example').getByText('Lesen').first().waitFor({ state: 'attached' });
  });
});

describe('what the service asks and refuses', () => {
  it('a dangerous act asks for the password once more when the sign-in is a while ago, and then goes on', async () => {
    await cluster.sql(`update auth.session set authenticated_at = now() - interval '1 day'`);
    await ida.goto(`${cluster.url()}/administration/accounts`);
    await choose(ida, 'Ben Brandt', 'Löschen');
    await ida.getByRole('dialog').getByRole('button', { name: 'Löschen' }).click();
    const question = ida.getByRole('dialog').filter({ hasText: 'Passwort' }).last();
    await question.getByLabel('Passwort', { exact: true }).fill(PASSWORD);
    await ida.keyboard.press('Enter');
    await eventually(async () => expect(await tableRow(ida, 'Ben Brandt').count()).toBe(0));
  });
});
