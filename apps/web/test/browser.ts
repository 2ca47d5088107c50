import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, type TestPerson, testEnvironment } from '@meldesync/testkit';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Line } from './line.ts';

/** Nothing is asked of the network but the pages under test. */
export const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** It ends a test that hangs: on a machine that does much else a page takes its time. */
const WAIT_LIMIT_MS = 90_000;

type OpenOptions = BrowserContextOptions & { readonly node?: number; readonly line?: Line };

/** A Chromium with a context for each person. */
export interface TestBrowser extends AsyncDisposable {
  /** A signed-in person's page with the list of cases open, live; over a line that a test can cut, when it has one. */
  open(cluster: Cluster, person: TestPerson, options?: OpenOptions): Promise<Page>;
  context(options?: BrowserContextOptions): Promise<BrowserContext>;
}

export async function startBrowser(): Promise<TestBrowser> {
  const { CHROMIUM_PATH } = testEnvironment();
  if (!CHROMIUM_PATH) throw new Error('no Chromium: set CHROMIUM_PATH, or run npm test, which finds or installs it');
  const profile = await mkdtemp(join(tmpdir(), 'meldesync-chromium-'));
  const browser = await chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: ARGUMENTS,
    env: { ...process.env, HOME: profile },
  });
  const context = async (options: BrowserContextOptions = {}) => {
    const opened = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'de-DE',
      // Frames of motion that nobody looks at are a tenth of what the tests take.
      reducedMotion: 'reduce',
      // What a service worker asks for, a test cannot watch or answer.
      serviceWorkers: 'block',
      ...options,
    });
    opened.setDefaultTimeout(WAIT_LIMIT_MS);
    return opened;
  };
  return {
    context,
    open: async (cluster, person, { node = 0, line, ...options } = {}) => {
      const opened = await context(options);
      // The form would take most of the time that a page needs to open.
      await opened.addCookies([{ ...(await cluster.openSession(person)), url: cluster.url(node) }]);
      const page = await opened.newPage();
      await line?.join(page);
      await page.goto(cluster.url(node));
      await page.getByRole('grid').waitFor();
      await line?.standsOn(page);
      return page;
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Signs in by the form, as a person would, and waits for the live list. */
export async function signIn(page: Page, url: string, person: TestPerson): Promise<void> {
  await page.goto(url);
  await enterCredentials(page, person);
  await page.getByRole('grid').waitFor();
}

/**
 * Looks into another window and back again, as a browser tells a page of it: what has the focus hears of its loss, and is
 * left for no other element. A Chromium without windows has no other that could be in front.
 */
export async function lookAway(page: Page, meanwhile: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    document.hasFocus = () => false;
    window.dispatchEvent(new FocusEvent('blur'));
    document.activeElement?.dispatchEvent(new FocusEvent('blur'));
    document.activeElement?.dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
  });
  await meanwhile();
  await page.evaluate(() => {
    Reflect.deleteProperty(document, 'hasFocus');
    window.dispatchEvent(new FocusEvent('focus'));
    document.activeElement?.dispatchEvent(new FocusEvent('focus'));
    document.activeElement?.dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
  });
}

/** Fills in and sends the form of sign-in that is open, on its page or in its dialog. */
export async function enterCredentials(page: Page, { email, password }: TestPerson): Promise<void> {
  await page.getByLabel(/e-mail/i).fill(email);
  await page
    .getByLabel(/passwor/i)
    .first()
    .fill(password);
  await page.keyboard.press('Enter');
}

/** Opens the list of keys by the menu of the account. */
export async function openHelp(page: Page): Promise<void> {
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Konto/ })
    .click();
  await page.getByRole('menuitem', { name: 'Tastatur' }).click();
  await page.getByRole('dialog').waitFor();
}
