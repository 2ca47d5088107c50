import { type Cluster, eventually, startCluster } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHelp, startBrowser, type TestBrowser } from './browser.ts';

let browser: TestBrowser;
let cluster: Cluster;
let page: Page;

/** What the policy has refused on the page, one line each. */
const refused = (of: Page): Promise<string[]> =>
  of.evaluate(() => (globalThis as unknown as { refused: string[] }).refused.splice(0));

beforeAll(async () => {
  browser = await startBrowser();
  cluster = await startCluster({ web: true, nodes: 1, worker: false });
  await cluster.addRecords(3, { caseId: 'F-10234' });
  const person = await cluster.addPerson('Adele Leitung', { workspace: cluster.workspace, role: 'admin' });
  await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [person.id]);
  const context = await browser.context();
  await context.addInitScript(() => {
    const list: string[] = [];
    (globalThis as unknown as { refused: string[] }).refused = list;
    document.addEventListener('securitypolicyviolation', (event) =>
      list.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
  await context.addCookies([{ ...(await cluster.openSession(person)), url: cluster.url() }]);
  page = await context.newPage();
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

it.each(['cases', 'audit', 'operations', 'account', 'administration/members', 'administration/invitations'])(
  'the page %s does nothing that the policy refuses',
  async (path) => {
    await page.goto(`${cluster.url()}/w/${cluster.workspace}/${path}`);
    await page.getByRole('main').waitFor();
    await page.getByText(/live/).first().waitFor();
    expect(await refused(page)).toEqual([]);
  },
);

it('nor does a dialog, or another theme', async () => {
  await page.goto(`${cluster.url()}/w/${cluster.workspace}/cases`);
  await page.getByRole('grid').waitFor();
  await openHelp(page);
  await page.keyboard.press('Escape');
  expect(await refused(page)).toEqual([]);
});

it('what somebody smuggles into a page neither runs, nor is painted, nor leads elsewhere', async () => {
  await page.evaluate(() => {
    const box = document.createElement('div');
    box.id = 'smuggled';
    box.innerHTML =
      '<b style="position:fixed">x</b><img src="https://elsewhere.example/x" onerror="document.title = 1">';
    document.body.append(box);
    const script = document.createElement('script');
    script.textContent = 'document.title = "smuggled"';
    document.body.append(script);
    const style = document.createElement('style');
    style.textContent = 'body { opacity: 0 }';
    document.body.append(style);
    void fetch('https://elsewhere.example/').catch(() => undefined);
    try {
      new WebSocket('wss://elsewhere.example/').close();
    } catch {
      // Some browsers throw.
    }
  });
  const found: string[] = [];
  await eventually(async () => {
    found.push(...(await refused(page)));
    const directives = new Set(found.map((line) => line.split(' ', 1)[0]));
    for (const one of ['style-src-attr', 'style-src-elem', 'img-src', 'script-src-elem', 'connect-src'])
      expect(directives).toContain(one);
    expect(found.some((line) => line.includes('wss://elsewhere.example'))).toBe(true);
  });
  expect(await page.evaluate(() => getComputedStyle(document.querySelector('#smuggled b') as Element).position)).toBe(
    'static',
  );
  expect(await page.title()).not.toBe('smuggled');
  expect(await page.evaluate(() => getComputedStyle(document.body).opacity)).toBe('1');
});
