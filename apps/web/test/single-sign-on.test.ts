import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import { startTestProvider } from '@meldesync/testkit/single-sign-on';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { startBrowser } from './browser.ts';

const provider = await startTestProvider();
const withPasswords = await startCluster({
  nodes: 1,
  web: true,
  worker: false,
  oidc: (url) => provider.configFor(url),
});
const browser = await startBrowser();
afterAll(async () => {
  for (const part of [browser, withPasswords, provider]) await part[Symbol.asyncDispose]();
});

describe('single sign-on in a browser', () => {
  let context: BrowserContext;
  let page: Page;
  beforeEach(async () => {
    context = await browser.context();
    page = await context.newPage();
  });
  afterEach(() => context.close());

  const button = () => page.getByRole('button', { name: 'Mit Klinik-Anmeldung anmelden' });
  const add = async (cluster: Cluster, name: string): Promise<TestPerson> => {
    const person = await cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' });
    provider.accounts.set(person.id, { email: person.email, email_verified: true, name });
    return person;
  };

  it('leads from the button over the provider to the list, and out of both again', async () => {
    await add(withPasswords, 'Anna');
    await page.goto(`${withPasswords.url()}/w/${withPasswords.workspace}/imports`);
    await button().waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await button().click();
    await page.getByRole('button', { name: 'Anna' }).click();
    await page.getByRole('heading', { name: 'Importe', exact: true }).waitFor();

    await page
      .getByRole('banner')
      .getByRole('button', { name: /^Konto.*Anna/ })
      .click();
    await page.getByRole('menuitem', { name: 'Abmelden' }).click();
    await button().waitFor();
    expect(new URL(page.url()).origin).toBe(withPasswords.url());
    expect(await withPasswords.sql('select id from auth.session where provider_token is not null')).toEqual([]);
    // The provider asks again who it is.
    await button().click();
    await page.getByRole('button', { name: 'Anna' }).waitFor();
  });

  it('says in words why somebody was not let in, in both languages', async () => {
    provider.accounts.set('stranger', { email: 'stranger@test.example', email_verified: true, name: 'Fremd' });
    await page.goto(withPasswords.url());
    await button().click();
    await page.getByRole('button', { name: 'Fremd' }).click();
    await page.getByRole('alert').getByText('Für Sie gibt es hier kein Konto.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('alert').getByText('There is no account for you here.').waitFor();
    await page.getByRole('button', { name: 'Sign in with Klinik-Anmeldung' }).waitFor();
  });

  it('says that the provider is away, and takes the password all the same', async () => {
    const person = await add(withPasswords, 'Ben');
    await provider.stop();
    // A node that has just asked the provider does not ask again at once, and leads there.
    await eventually(async () => {
      await page.goto(withPasswords.url());
      await button().click({ timeout: 5_000 });
      await page.getByRole('alert').getByText('gerade nicht erreichbar').waitFor({ timeout: 2_000 });
    });
    await page.getByLabel(/e-mail/i).fill(person.email);
    await page
      .getByLabel(/passwor/i)
      .first()
      .fill(person.password);
    await page.keyboard.press('Enter');
    await page
      .getByRole('banner')
      .getByRole('button', { name: /^Konto.*Ben/ })
      .waitFor();
    await provider.start();
  });
});
