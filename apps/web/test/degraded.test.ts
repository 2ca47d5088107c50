import { eventually } from '@meldesync/testkit';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { openHelp, signIn } from './browser.ts';
import { cellOf, doneBox, writeNote } from './case-list.ts';
import { openDesk } from './desk.ts';
import { keptIn } from './kept.ts';
import { startWebProxy, type WebProxy } from './web-proxy.ts';

/** A step of the page's clock; what falls due in it runs. */
const STEP_MS = 10_000;

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

describe('without a live connection', () => {
  let proxy: WebProxy;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    proxy = await startWebProxy();
  });
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await cluster.sql('delete from records');
    await cases.add('F-1', 'F-2', 'F-3');
    proxy.allowTunnels();
    context = await browser.context({ proxy: { server: proxy.server } });
    page = await context.newPage();
    await page.clock.install();
    await signIn(page, cluster.url(), anna);
    await pill(/live/).waitFor();
    await doneBox(page, 'F-3').waitFor();
  });
  afterEach(async () => {
    await context?.close();
  });

  const pill = (text: RegExp) => page.getByRole('banner').getByRole('button', { name: text });
  const banner = () => page.getByRole('region', { name: 'Hinweis zur Verbindung' });
  const noteOf = (caseId: string) => cellOf(page, caseId, 'note').innerText();
  /** Turns the page's clock until it shows something. */
  const turnClockUntil = async (isThere: () => Promise<boolean>) => {
    await eventually(async () => {
      if (await isThere()) return;
      await page.clock.fastForward(STEP_MS);
      throw new Error('not yet');
    }, 60_000);
  };
  const goManual = async () => {
    proxy.forbidTunnels();
    await turnClockUntil(() => pill(/manuell/).isVisible());
  };
  const goOffline = async () => {
    // The page has had time to load what it needs without the service.
    await page.clock.fastForward(STEP_MS);
    await page.waitForLoadState('networkidle');
    await context.setOffline(true);
    await turnClockUntil(() => pill(/offline/).isVisible());
  };

  it('R4.3 says after repeated failure that there is no live connection, refreshes by hand, saves, and is live again by itself', async () => {
    await goManual();
    expect(await banner().innerText()).toMatch(/Keine Live-Verbindung\. Stand \d\d:\d\d/);
    expect(await findBarriers(page)).toEqual([]);

    await cases.editAs(ben, 'F-2', { note: 'von Ben' });
    const before = proxy.requested.length;
    await eventually(async () => {
      await banner().getByRole('button', { name: 'Jetzt aktualisieren' }).click();
      expect(await noteOf('F-2')).toContain('von Ben');
    });
    // Only what was missed was fetched.
    const asked = proxy.requested.slice(before).map((path) => path.split('/').at(-1));
    expect(new Set(asked)).toContain('frames');
    expect(new Set(asked)).not.toContain('snapshot');

    await doneBox(page, 'F-1').click();
    await eventually(async () => expect(await cases.stored('F-1', 'done')).toEqual([true, true]));
    await turnClockUntil(async () => (await doneBox(page, 'F-1').getAttribute('data-pending')) === null);
    await pill(/manuell/).waitFor();

    proxy.allowTunnels();
    await turnClockUntil(() => pill(/live/).isVisible());
    await banner().waitFor({ state: 'detached' });
    await cases.editAs(ben, 'F-3', { note: 'wieder live' });
    await eventually(async () => expect(await noteOf('F-3')).toContain('wieder live'));
  });

  it('R4.3 connects again when asked to', async () => {
    await goManual();
    proxy.allowTunnels();
    await eventually(async () => {
      const button = banner().getByRole('button', { name: 'Erneut verbinden' });
      // It goes by itself once the page is live: then nobody waits for it.
      if (await button.isVisible()) await button.click({ timeout: 2_000 });
      expect(await pill(/live/).isVisible()).toBe(true);
    });
  });

  it('R4.4 keeps edits made offline over a reload, sends them on return, and asks about those that came second', async () => {
    await goOffline();
    await writeNote(page, 'F-1', 'offline geschrieben');
    await writeNote(page, 'F-2', 'Anna, offline');
    await eventually(async () =>
      expect(await banner().innerText()).toMatch(/Offline\. Ihre 2 Änderungen werden gesendet, sobald/),
    );
    expect(await findBarriers(page)).toEqual([]);
    expect(await noteOf('F-1')).toContain('offline geschrieben');

    await page.clock.fastForward(100);
    await eventually(async () => expect(await keptIn(page, 'edits')).toHaveLength(2));
    await page.goto('about:blank');
    await cases.editAs(ben, 'F-2', { note: 'Ben war schneller' });
    await context.setOffline(false);
    await page.goto(cluster.url());

    await eventually(async () =>
      expect(await cases.stored('F-1', 'note')).toEqual(['offline geschrieben', 'offline geschrieben']),
    );
    const dialog = page.getByRole('dialog', { name: /^Jemand war schneller/ });
    // Says what the page shows instead.
    await eventually(async () => expect(await page.locator('body').innerText()).toContain('Jemand war schneller'));
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain('woran Sie gearbeitet haben: Fall F-2');
    expect(await cases.stored('F-2', 'note')).toEqual(['Ben war schneller', 'Ben war schneller']);
    await dialog.getByRole('radio', { name: /meine/ }).check({ force: true });
    await dialog.getByRole('button', { name: 'Auswahl anwenden' }).click();
    await eventually(async () => expect(await cases.stored('F-2', 'note')).toEqual(['Anna, offline', 'Anna, offline']));
    await pill(/live/).waitFor();

    // It is over: nothing is sent or asked again.
    await page.clock.fastForward(100);
    await eventually(async () => expect(await keptIn(page, 'edits')).toEqual([]));
    await page.reload();
    await pill(/live/).waitFor();
    await doneBox(page, 'F-1').waitFor();
    expect(await dialog.isVisible()).toBe(false);
  });

  it('menus, dialogs and pages open while offline', async () => {
    await goOffline();
    await openHelp(page);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Importe' }).click();
    await page.getByRole('heading', { name: 'Importe', exact: true }).waitFor();
    // What cannot be had is not on its way, and comes by itself as soon as it can.
    const isMissing = page.getByText('Die Importe lassen sich nicht laden');
    await turnClockUntil(() => isMissing.isVisible());
    await context.setOffline(false);
    await turnClockUntil(() => page.getByText('Noch keine Importe').isVisible());
    await page.getByRole('link', { name: 'Fälle' }).click();
    await doneBox(page, 'F-1').waitFor();
  });

  it('a part of the page that cannot be loaded is a message; the page and what was done on it stay', async () => {
    const isGone = /\/assets\/(account-menu-items|help-dialog)/;
    await context.route(isGone, (route) => route.fulfill({ status: 404 }));
    await doneBox(page, 'F-1').click();
    await eventually(async () => expect(await cases.stored('F-1', 'done')).toEqual([true, true]));
    const menu = page.getByRole('banner').getByRole('button', { name: /^Konto/ });
    const message = page.getByRole('alert').filter({ hasText: 'Dieser Teil der Seite ließ sich nicht laden' });
    await menu.click();
    await message.waitFor();
    expect(await menu.getAttribute('aria-expanded')).toBe('false');
    await message.getByRole('button', { name: 'Schließen' }).click();
    await cellOf(page, 'F-1', 'caseId').focus();
    await page.keyboard.press('?');
    await message.waitFor();
    await page.keyboard.press('Control+z');
    await eventually(async () => expect(await cases.stored('F-1', 'done')).toEqual([false, false]));
    await context.unroute(isGone);
    await menu.click();
    await page.getByRole('menuitem', { name: 'Abmelden' }).waitFor();
  });

  it('R4.2 a page that returns shows its copy and fetches only what it missed', async () => {
    await page.clock.fastForward(STEP_MS);
    await eventually(async () => expect(await keptKeys(page)).toHaveLength(1));
    await page.goto('about:blank');
    await cases.editAs(ben, 'F-2', { note: 'inzwischen' });
    const before = proxy.requested.length;
    await page.goto(cluster.url());
    await pill(/live/).waitFor();
    await eventually(async () => expect(await noteOf('F-2')).toContain('inzwischen'));
    expect(proxy.requested.slice(before).filter((path) => path.endsWith('/snapshot'))).toEqual([]);
  });

  it('R4.4 leaves the edits of a page that is still there to that page', async () => {
    await page.clock.fastForward(STEP_MS);
    proxy.forbidTunnels();
    await pill(/verbinde/).waitFor();
    await writeNote(page, 'F-1', 'wartet');
    await eventually(async () => expect(await noteOf('F-1')).toContain('wartet'));

    const other = await context.newPage();
    await other.goto(cluster.url());
    await doneBox(other, 'F-1').waitFor();
    expect(await cellOf(other, 'F-1', 'note').innerText()).not.toContain('wartet');

    proxy.allowTunnels();
    await turnClockUntil(() => pill(/live/).isVisible());
    await eventually(async () => expect(await cellOf(other, 'F-1', 'note').innerText()).toContain('wartet'), 40_000);
    const changes = await cluster.sql(`select 1 from changes where after ->> 'note' = 'wartet'`);
    expect(changes).toHaveLength(2);
  });

  it('keeps nothing of a person who signs out, and shows nothing of one to another', async () => {
    await page.clock.fastForward(STEP_MS);
    await eventually(async () => expect(await keptKeys(page)).toEqual([`${anna.id}/${cluster.workspace}`]));

    // Her session ends without her signing out, and somebody else sits down.
    await context.clearCookies();
    await signIn(page, cluster.url(), ben);
    await pill(/live/).waitFor();
    await page.clock.fastForward(STEP_MS);
    await eventually(async () => expect(await keptKeys(page)).toEqual([`${ben.id}/${cluster.workspace}`]));

    await page
      .getByRole('banner')
      .getByRole('button', { name: /Konto|Ben/ })
      .click();
    await page.getByRole('menuitem', { name: 'Abmelden' }).click();
    await page
      .getByLabel(/passwor/i)
      .first()
      .waitFor();
    expect(await keptKeys(page)).toEqual([]);
  });
});

/** The copies in a page's browser. One that was only claimed holds nothing yet. */
async function keptKeys(page: Page): Promise<unknown[]> {
  const copies = await keptIn(page, 'copies');
  return copies.filter(([, copy]) => (copy as { parts: number }).parts > 0).map(([key]) => key);
}
