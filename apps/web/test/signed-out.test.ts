import { eventually, storedToken } from '@meldesync/testkit';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enterCredentials, signIn } from './browser.ts';
import { doneBox, writeNote } from './case-list.ts';
import { openDesk } from './desk.ts';
import { keptIn } from './kept.ts';
import { Line } from './line.ts';
import { startWebProxy, type WebProxy } from './web-proxy.ts';

const TIMEOUT_MS = 240_000;

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

const pill = (page: Page, text: RegExp) => page.getByRole('banner').getByRole('button', { name: text });
const password = (page: Page) => page.getByLabel(/passwor/i).first();

describe('signing out while the service cannot be reached', { timeout: TIMEOUT_MS }, () => {
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
    await cluster.sql('delete from auth.session where token <> all($1)', [[anna, ben].map(storedToken)]);
    await cases.add('F-1', 'F-2');
    context = await browser.context({ proxy: { server: proxy.server }, serviceWorkers: 'allow' });
  });
  afterEach(async () => {
    proxy.restore();
    await context?.close();
  });

  const pending = (page: Page) => page.getByText(/Ihre Abmeldung gilt/);
  const signOut = async (page: Page): Promise<void> => {
    await page
      .getByRole('banner')
      .getByRole('button', { name: /^Konto/ })
      .click();
    await page.getByRole('menuitem', { name: 'Abmelden' }).click();
  };
  const sessionsOf = (person: typeof anna) =>
    cluster.sql('select id from auth.session where user_id = $1 and token <> $2', [person.id, storedToken(person)]);
  /** Anna works in two tabs; an edit of hers waits, since the line was cut. */
  const workWithoutService = async (): Promise<{ first: Page; second: Page }> => {
    const first = await context.newPage();
    await signIn(first, cluster.url(), anna);
    await pill(first, /live/).waitFor();
    await first.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await eventually(async () => expect((await keptIn(first, 'parts')).length).toBeGreaterThan(0));
    const second = await context.newPage();
    await second.goto(cluster.url());
    await doneBox(second, 'F-1').waitFor();
    proxy.cut();
    await pill(first, /verbinde|manuell/).waitFor();
    await writeNote(first, 'F-1', 'von Anna');
    await eventually(async () => expect(await keptIn(first, 'edits')).toHaveLength(1));
    return { first, second };
  };

  it('R4.4 ends at once in every tab, opens nothing until the service has ended the session, and loses no edit', async () => {
    const { first, second } = await workWithoutService();
    second.on('dialog', (dialog) => void dialog.accept());
    await signOut(second);
    await password(second).waitFor();
    await password(first).waitFor();
    await pending(second).waitFor();
    expect([await keptIn(second, 'parts'), await keptIn(second, 'answers'), await keptIn(second, 'keyring')]).toEqual([
      [],
      [],
      [],
    ]);
    // However it is opened.
    const third = await context.newPage();
    await third.goto(`${cluster.url()}/w/${cluster.workspace}/cases`);
    await password(third).waitFor();
    expect(await third.getByRole('grid').count()).toBe(0);
    expect(await sessionsOf(anna)).toHaveLength(1);

    proxy.restore();
    await eventually(async () => expect(await sessionsOf(anna)).toEqual([]), 30_000);
    await pending(second).waitFor({ state: 'detached' });
    await enterCredentials(second, ben);
    await doneBox(second, 'F-1').waitFor();
    expect(await cases.stored('F-1', 'note')).toEqual([null, null]);
    await signOut(second);
    await password(second).waitFor();
    await enterCredentials(second, anna);
    await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['von Anna', 'von Anna']));
  });

  it('tells the service before anything else when a page is opened once it is back', async () => {
    const { first, second } = await workWithoutService();
    first.on('dialog', (dialog) => void dialog.accept());
    await signOut(first);
    await password(first).waitFor();
    await first.close();
    await second.close();
    proxy.restore();
    const from = proxy.requested.length;
    const page = await context.newPage();
    await page.goto(cluster.url());
    await password(page).waitFor();
    await eventually(async () => expect(await sessionsOf(anna)).toEqual([]));
    const asked = proxy.requested.slice(from).filter((path) => path.startsWith('/api/'));
    expect(asked[0]).toBe('/api/auth/sign-out');
    expect(asked).not.toContain(`/api/v1/workspaces/${cluster.workspace}/snapshot`);
  });
});

describe('a page that nobody is at', { timeout: TIMEOUT_MS }, () => {
  const HALF_AN_HOUR_MS = 30 * 60_000;
  let context: BrowserContext;
  beforeEach(async () => {
    await cluster.sql('delete from records');
    await cases.add('F-1');
    context = await browser.context();
  });
  afterEach(async () => {
    await context?.close();
  });
  const openShared = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.addInitScript(() => {
      localStorage.setItem('meldesync.shared', 'on');
      const now = Date.now.bind(Date);
      Date.now = () => now() + Number(localStorage.getItem('test.ahead') ?? 0);
    });
    await context.addCookies([{ ...(await cluster.openSession(anna)), url: cluster.url() }]);
    await page.goto(cluster.url());
    await doneBox(page, 'F-1').waitFor();
    return page;
  };
  /** The browser's clock goes on by so much. */
  const pass = (page: Page, ms: number) =>
    page.evaluate((ahead) => {
      localStorage.setItem('test.ahead', String(ahead + Number(localStorage.getItem('test.ahead') ?? 0)));
    }, ms);

  it('hides what it shows and signs its person out, in every tab, and keeps what waits', async () => {
    const first = await openShared();
    const second = await openShared();
    const line = new Line();
    await line.watch(first);
    await first.route('**/edits', (route) => route.abort());
    await line.cut();
    await pill(first, /verbinde|manuell/).waitFor();
    await writeNote(first, 'F-1', 'angefangen');
    await eventually(async () => expect(await keptIn(first, 'edits')).toHaveLength(1));
    await pass(first, HALF_AN_HOUR_MS - 20_000);
    // Somebody is there in one of them.
    await second.mouse.move(10, 10);
    await second.keyboard.press('Shift');
    await pass(first, HALF_AN_HOUR_MS - 20_000);
    await first.evaluate(() => dispatchEvent(new Event('focus')));
    expect(await doneBox(first, 'F-1').count()).toBe(1);

    await pass(first, 60_000);
    // A press is nobody's word that they are the one who was there.
    await second.keyboard.press('Shift');
    await second.getByText(/weil längere Zeit niemand/).waitFor();
    await password(first).waitFor();
    expect(await first.getByText('F-1').count()).toBe(0);
    expect(await keptIn(second, 'edits')).toHaveLength(1);
    const sessions = await cluster.sql('select id from auth.session where user_id = $1 and token <> $2', [
      anna.id,
      storedToken(anna),
    ]);
    expect(sessions).toHaveLength(1);
    await enterCredentials(second, anna);
    await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['angefangen', 'angefangen']));
  });
});
