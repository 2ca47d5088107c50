import { startCluster } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import supported from '../../../supported-versions.json' with { type: 'json' };
import { startBrowser, type TestBrowser } from './browser.ts';

/** The first versions with what `public/supported.js` looks for. */
const SINCE = [
  { name: 'light-dark()', chrome: 123, edge: 123, firefox: 120, safari: 17.5 },
  { name: 'AbortSignal.any', chrome: 116, edge: 116, firefox: 124, safari: 17.4 },
];

let cluster: Awaited<ReturnType<typeof startCluster>>;
let browser: TestBrowser;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, web: true, worker: false });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

it('looks for what came with the versions that are stated, no earlier and no later', () => {
  for (const [name, version] of Object.entries(supported.browsers)) {
    const since = SINCE.map((feature) => feature[name as keyof typeof supported.browsers]);
    expect(Math.max(...since)).toBe(Number(version));
  }
});

it.each([
  ['light-dark()', 'CSS.supports = () => false'],
  ['AbortSignal.any', 'delete AbortSignal.any'],
  ['anything newer than 2015', 'delete window.CSS; delete window.AbortSignal'],
])('a browser without %s is told so in both languages, with the browsers that do', async (_what, script) => {
  const page = await (await browser.context()).newPage();
  await page.addInitScript(script);
  await page.goto(cluster.url());
  const alert = page.getByRole('alert');
  await alert.waitFor();
  const text = (await alert.innerText()).replaceAll(/\s+/g, ' ');
  const { chrome, edge, firefox, safari } = supported.browsers;
  const names = `Chrome ${chrome}, Edge ${edge}, Firefox ${firefox}, Safari ${safari}`;
  expect(text).toContain(
    `MeldeSync läuft in diesem Browser nicht. Bitte aktualisieren Sie ihn, oder verwenden Sie mindestens ${names}.`,
  );
  expect(text).toContain(`MeldeSync does not run in this browser. Please update it, or use at least ${names}.`);
  expect(await page.getByLabel(/e-mail/i).count()).toBe(0);
  await page.context().close();
});

it('a supported browser is told nothing', async () => {
  const page = await (await browser.context()).newPage();
  await page.goto(cluster.url());
  await page.getByLabel(/e-mail/i).waitFor();
  expect(await page.locator('#unsupported').isVisible()).toBe(false);
  await page.context().close();
});
