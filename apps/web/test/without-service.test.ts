import { eventually } from '@meldesync/testkit';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enterCredentials, signIn } from './browser.ts';
import { cellOf, doneBox, writeNote } from './case-list.ts';
import { openDesk } from './desk.ts';
import { keptIn } from './kept.ts';
import { startWebProxy, type WebProxy } from './web-proxy.ts';

/** A client may wait up to 20 s before it tries again (R4.1). */
const TIMEOUT_MS = 240_000;

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

describe('a page that is opened while the service cannot be reached', { timeout: TIMEOUT_MS }, () => {
  let proxy: WebProxy;
  let context: BrowserContext;

  beforeAll(async () => {
    proxy = await startWebProxy();
  });
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await cluster.sql('delete from records');
    await cases.add('F-1', 'F-2');
    context = await browser.context({ proxy: { server: proxy.server }, serviceWorkers: 'allow' });
  });
  afterEach(async () => {
    proxy.restore();
    await context?.close();
  });

  const pill = (page: Page, text: RegExp) => page.getByRole('banner').getByRole('button', { name: text });
  /** Somebody has worked here, and everything that may be needed is kept in the browser. */
  const workOnce = async (): Promise<Page> => {
    const page = await context.newPage();
    await signIn(page, cluster.url(), anna);
    await pill(page, /live/).waitFor();
    await cases.editAs(ben, 'F-2', { assignee: ben.id });
    await seesAssignee(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await eventually(async () => expect((await keptIn(page, 'parts')).length).toBeGreaterThan(0));
    return page;
  };
  const seesAssignee = (page: Page) =>
    eventually(async () => expect(await cellOf(page, 'F-2', 'assignee').innerText()).toContain('BB'));
  const openWithoutService = async (): Promise<Page> => {
    proxy.cut();
    for (const page of context.pages()) await page.close();
    const page = await context.newPage();
    await page.goto(cluster.url());
    return page;
  };

  it('R4.3 R4.4 shows what is kept and whose it is, takes edits, and sends them once the service is back', async () => {
    await workOnce();
    const page = await openWithoutService();
    await doneBox(page, 'F-1').waitFor();
    await pill(page, /verbinde|manuell/).waitFor();
    await seesAssignee(page);
    await writeNote(page, 'F-1', 'ohne Netz');
    await eventually(async () => expect(await cellOf(page, 'F-1', 'note').innerText()).toContain('ohne Netz'));
    await page.getByRole('link', { name: 'Importe' }).click();
    await page.getByRole('heading', { name: 'Importe', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Fälle' }).click();
    await eventually(async () => expect(await cellOf(page, 'F-1', 'note').innerText()).toContain('ohne Netz'));

    proxy.restore();
    await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['ohne Netz', 'ohne Netz']), 60_000);
    await pill(page, /live/).waitFor();
  });

  it('R4.3 asks to sign in where the session has ended meanwhile, and loses no edit over it', async () => {
    await workOnce();
    const page = await openWithoutService();
    await doneBox(page, 'F-1').waitFor();
    await writeNote(page, 'F-1', 'vor der Anmeldung');
    await cluster.sql('delete from auth.session where user_id = $1', [anna.id]);
    proxy.restore();
    await pill(page, /anmelden/).waitFor({ timeout: 60_000 });
    expect(await cellOf(page, 'F-1', 'note').innerText()).toContain('vor der Anmeldung');
    await seesAssignee(page);
    await page.getByRole('button', { name: 'Wieder anmelden' }).click();
    await enterCredentials(page, anna);
    await eventually(async () =>
      expect(await cases.stored('F-1', 'note')).toEqual(['vor der Anmeldung', 'vor der Anmeldung']),
    );
  });

  it('shows nothing of somebody who has signed out', async () => {
    const before = await workOnce();
    await before
      .getByRole('banner')
      .getByRole('button', { name: /^Konto/ })
      .click();
    await before.getByRole('menuitem', { name: 'Abmelden' }).click();
    await before
      .getByLabel(/passwor/i)
      .first()
      .waitFor();
    const page = await openWithoutService();
    await page.getByText('Der Dienst ist nicht erreichbar').waitFor();
    expect(await page.getByRole('grid').count()).toBe(0);
    proxy.restore();
    await page.getByRole('button', { name: 'Erneut versuchen' }).click();
    await page
      .getByLabel(/passwor/i)
      .first()
      .waitFor();
  });
});
