import type { AuditPage, AuditQuery } from '@meldesync/protocol';
import type { Cluster, TestPerson } from '@meldesync/testkit';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { TestBrowser } from './browser.ts';

/** The list of Protokoll. */
export const trailOf = (page: Page): Locator =>
  page.getByRole('grid', { name: /^(Einträge des Protokolls|Entries of)/ });

/** Its entries that say something. */
export const entriesWith = (page: Page, text: string | RegExp): Locator =>
  trailOf(page).locator('[role=row][data-key]').filter({ hasText: text });

/** The newest of those that are drawn. */
export const anyEntry = (page: Page): Locator => trailOf(page).locator('[role=row][data-key]').first();

/** Opens Protokoll as a person, at an address of it. */
export async function openTrail(
  { browser, cluster }: { browser: TestBrowser; cluster: Cluster },
  person: TestPerson,
  {
    search = '',
    before,
    ...options
  }: BrowserContextOptions & { search?: string; before?: (page: Page) => Promise<void> } = {},
): Promise<Page> {
  const page = await browser.open(cluster, person, options);
  await before?.(page);
  await page.goto(`${cluster.url()}/w/${cluster.workspace}/audit${search}`);
  return page;
}

type AskedPage = Pick<AuditQuery, 'since' | 'before' | 'unsealed'>;

/** Lets a test say what becomes of pages of the trail on their way to the page; of all, or of those that ask for what came since. */
export async function alterTrail(
  page: Page,
  alter: (answer: AuditPage, asked: AskedPage) => AuditPage | 'away' | 'forbidden' | 'invalid-field',
): Promise<void> {
  await page.route('**/audit/query', async (route) => {
    const asked = route.request().postDataJSON() as AskedPage;
    // The page may be closed while it asks.
    const response = await route.fetch().catch(() => null);
    const answer = (await response?.json().catch(() => null)) as AuditPage | null | undefined;
    if (!response || !answer) return;
    const altered = alter(answer, asked);
    if (altered === 'away') return route.abort('connectionrefused');
    if (altered === 'forbidden' || altered === 'invalid-field') {
      const status = altered === 'forbidden' ? 403 : 400;
      return route.fulfill({
        status,
        contentType: 'application/problem+json',
        json: { type: `urn:meldesync:error:${altered}`, title: 'x', status, code: altered },
      });
    }
    return route.fulfill({ response, json: altered });
  });
}

/** Chooses in the popover of a filter. */
export async function chooseIn(page: Page, filter: string, choose: (popover: Locator) => Promise<void>): Promise<void> {
  await page
    .getByRole('group', { name: 'Filter', exact: true })
    .getByRole('button', { name: new RegExp(`^${filter}`) })
    .click();
  const popover = page.getByRole('dialog');
  await popover.waitFor();
  await choose(popover);
  // To the popover itself: where the page has just been told of something the focus may be elsewhere.
  if (await popover.isVisible()) await popover.evaluate((element) => (element as HTMLElement).focus());
  if (await popover.isVisible()) await page.keyboard.press('Escape');
  await popover.waitFor({ state: 'detached' });
}
