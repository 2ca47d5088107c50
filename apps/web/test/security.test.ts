import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addAuthenticator } from './authenticator.ts';
import { findBarriers } from './axe.ts';
import { enterCredentials, startBrowser, type TestBrowser } from './browser.ts';

/** Browsers know no passkeys of an IP address. */
const byName = (url: string) => url.replace('127.0.0.1', 'localhost');

let browser: TestBrowser;
let cluster: Cluster;
let strict: Cluster;
/** What a page threw and nobody caught: a passkey that is offered is no longer waited for once somebody signs in otherwise. */
const uncaught: string[] = [];

beforeAll(async () => {
  browser = await startBrowser();
  cluster = await startCluster({ web: true, nodes: 1, worker: false });
  strict = await startCluster({ web: true, nodes: 1, worker: false, requiresSecondFactor: true });
  // Without a case there is no list to wait for.
  for (const one of [cluster, strict]) await one.addRecords(1);
});
afterEach(() => expect(uncaught.splice(0)).toEqual([]));
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
  await strict?.[Symbol.asyncDispose]();
});

const join = (name: string, at = cluster) => at.addPerson(name, { workspace: at.workspace, role: 'editor' });

async function signInPage(at = cluster): Promise<Page> {
  const context = await browser.context();
  context.on('weberror', (error) => uncaught.push(String(error.error())));
  const page = await context.newPage();
  await page.goto(`${byName(at.url())}/sign-in`);
  await page.getByRole('button', { name: 'Anmelden', exact: true }).waitFor();
  return page;
}

async function accountPage(person: TestPerson): Promise<Page> {
  const page = await signInPage();
  await enterCredentials(page, person);
  await page.getByRole('grid').waitFor();
  await page.goto(`${byName(cluster.url())}/w/${cluster.workspace}/account`);
  await page.getByRole('heading', { name: 'Sicherheit' }).waitFor();
  return page;
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Person' }).getByRole('button', { name: 'Abmelden' }).click();
  await page.getByRole('button', { name: 'Anmelden', exact: true }).waitFor();
}

/** The codes that an app shows for the key that is on the page, so many periods from now. */
async function codeOf(page: Page): Promise<(periods: number) => string> {
  const text = (await page.getByText(/diesen Schlüssel/).textContent()) ?? '';
  const key = text.slice(text.indexOf(':') + 1).replaceAll(/\s/g, '');
  const totp = new TOTP({ secret: Secret.fromBase32(key) });
  return (periods) => totp.generate({ timestamp: Date.now() + periods * 30_000 });
}

const dialog = (page: Page) => page.getByRole('dialog');

describe('one-time codes', () => {
  it('are set up, asked for after the password, and a recovery code opens in their place', async () => {
    const berta = await join('Berta Beispiel');
    const page = await accountPage(berta);
    await page.getByRole('button', { name: 'Einrichten' }).click();
    await dialog(page).getByLabel('Jetziges Passwort').fill('not the password');
    await page.keyboard.press('Enter');
    await dialog(page).getByText('Das Passwort ist falsch.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog(page).getByLabel('Jetziges Passwort').fill(berta.password);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: /QR-Code/ }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    const code = await codeOf(page);
    await dialog(page).getByLabel('Code aus der App').fill(code(0));
    await page.keyboard.press('Enter');
    const listed = dialog(page).getByRole('list', { name: 'Wiederherstellungscodes' }).getByRole('listitem');
    await listed.first().waitFor();
    expect(await listed.count()).toBe(10);
    expect(await findBarriers(page)).toEqual([]);
    const recoveryCode = (await listed.first().textContent()) ?? '';
    await page.getByRole('button', { name: 'Ich habe die Codes aufbewahrt' }).click();
    await page.getByText('eingerichtet', { exact: true }).waitFor();
    await page.getByText(/live/).first().waitFor();
    await page.getByRole('button', { name: 'Ausschalten' }).click();
    await dialog(page).getByLabel('Jetziges Passwort').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await signOut(page);

    await enterCredentials(page, berta);
    await page.getByLabel('Code', { exact: true }).fill('000000');
    await page.keyboard.press('Enter');
    await page.getByText(/Dieser Code ist falsch/).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByLabel('Code', { exact: true }).fill(code(1));
    await page.keyboard.press('Enter');
    await page.getByRole('grid').waitFor();

    const other = await signInPage();
    await enterCredentials(other, berta);
    await other.getByRole('button', { name: /Wiederherstellungscode benutzen/ }).click();
    await other.getByLabel('Wiederherstellungscode').fill(recoveryCode);
    await other.keyboard.press('Enter');
    await other.getByRole('grid').waitFor();
    await other.getByText(/^9 sind noch übrig/).waitFor();
    await other.goto(`${byName(cluster.url())}/w/${cluster.workspace}/account`);
    await other.getByText('9 Wiederherstellungscodes sind noch übrig.').waitFor();
    await other.context().close();
    await page.context().close();
  });
});

describe('passkeys', () => {
  it('are added with a name, open by the button, and open nothing once they are removed', async () => {
    const clara = await join('Clara Beispiel');
    const page = await accountPage(clara);
    const device = await addAuthenticator(page);
    await page.getByRole('button', { name: 'Passkey hinzufügen' }).click();
    await dialog(page).getByLabel('Name').fill('Dienstrechner');
    await page.keyboard.press('Enter');
    await page.getByText('Dienstrechner').waitFor();
    expect(await device.count()).toBe(1);
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Umbenennen: Dienstrechner' }).click();
    await dialog(page).getByLabel('Name').fill('Büro');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Entfernen: Büro' }).waitFor();

    // Somebody who has the device, and cannot unlock it.
    await device.unlocks(false);
    await signOut(page);
    await page.getByRole('button', { name: 'Mit Passkey anmelden' }).click();
    await eventually(async () =>
      expect(await page.getByRole('button', { name: 'Mit Passkey anmelden' }).isEnabled()).toBe(true),
    );
    expect(await page.getByRole('grid').count()).toBe(0);
    await device.unlocks(true);
    await page.getByRole('button', { name: 'Mit Passkey anmelden' }).click();
    await page.getByRole('grid').waitFor();
    expect(
      await cluster.sql(`select method from auth.session where user_id = $1 order by created_at desc limit 1`, [
        clara.id,
      ]),
    ).toEqual([{ method: 'passkey' }]);

    await page.goto(`${byName(cluster.url())}/w/${cluster.workspace}/account`);
    await page.getByRole('button', { name: 'Entfernen: Büro' }).click();
    expect(await findBarriers(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Entfernen' }).click();
    await page.getByRole('button', { name: 'Entfernen: Büro' }).waitFor({ state: 'detached' });
    const add = page.getByRole('button', { name: 'Passkey hinzufügen' });
    await eventually(async () => expect(await add.evaluate((one) => one === document.activeElement)).toBe(true));
    await signOut(page);
    await page.getByRole('button', { name: 'Mit Passkey anmelden' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('Dieser Passkey öffnet hier kein Konto');
    const kinds = await cluster.sql(
      `select kind from events where subject = $1 and kind like 'passkey-%' order by id`,
      [`user:${clara.id}`],
    );
    expect(kinds.map(({ kind }) => kind)).toEqual(['passkey-added', 'passkey-renamed', 'passkey-removed']);
    await page.context().close();
  });
});

it('another password is chosen by rules in words, and ends the other sessions', async () => {
  const dora = await join('Dora Beispiel');
  const other = await accountPage(dora);
  const page = await accountPage(dora);
  await page.getByRole('button', { name: 'Passwort ändern' }).click();
  await dialog(page).getByLabel('Jetziges Passwort').fill(dora.password);
  const wanted = dialog(page).getByLabel('Neues Passwort');
  await wanted.fill('passwort1234');
  await dialog(page).getByText('Leicht zu erraten').or(dialog(page).getByText('Sofort zu erraten')).first().waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await dialog(page)
    .getByText(/ist bekannt oder leicht zu erraten/)
    .waitFor();
  await wanted.fill('Kreide Turm Ahorn Gabel');
  await dialog(page).getByText('Sehr schwer zu erraten').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Das Passwort ist geändert; alle anderen Sitzungen sind beendet.').waitFor();
  await other
    .getByText(/anmelden/i)
    .first()
    .waitFor();
  await other.context().close();
  await page.context().close();
});

it('where a second factor is required, it is set up before anything else is shown', async () => {
  const emil = await join('Emil Beispiel', strict);
  const page = await signInPage(strict);
  await addAuthenticator(page);
  await enterCredentials(page, emil);
  await page.getByRole('heading', { name: 'Noch ein Schritt' }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.goto(`${byName(strict.url())}/w/${strict.workspace}/cases`);
  await page.getByRole('heading', { name: 'Noch ein Schritt' }).waitFor();
  await page.getByRole('button', { name: 'Authenticator-App einrichten' }).click();
  await page.getByLabel('Jetziges Passwort').waitFor();
  await page.getByRole('button', { name: 'Abbrechen' }).click();
  await page.getByRole('button', { name: 'Passkey hinzufügen' }).click();
  await page.getByRole('grid').waitFor();
  await page.context().close();
});
