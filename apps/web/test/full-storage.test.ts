import { eventually } from '@meldesync/testkit';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { signIn } from './browser.ts';
import { cellOf, rowOf, writeNote } from './case-list.ts';
import { openDesk } from './desk.ts';
import { keptIn } from './kept.ts';
import { startWebProxy, type WebProxy } from './web-proxy.ts';

const TIMEOUT_MS = 240_000;
/** Not enough for anything. */
const NO_ROOM_BYTES = 1;
const ROOM_REMEMBERED_MS = 35_000;

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

describe('a browser that has no room', { timeout: TIMEOUT_MS }, () => {
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
    await cases.add('F-1', 'F-2');
  });
  afterEach(async () => {
    proxy.restore();
    await context?.close();
  });

  const banner = (name: string) => page.getByRole('region', { name });
  const open = async (locale = 'de-DE', prepare?: (page: Page) => Promise<unknown>): Promise<void> => {
    context = await browser.context({ proxy: { server: proxy.server }, locale });
    page = await context.newPage();
    await prepare?.(page);
    await signIn(page, cluster.url(), anna);
    await isLive();
    await rowOf(page, 'F-2').waitFor();
  };
  const isLive = () => page.getByRole('banner').getByRole('button', { name: /live/ }).waitFor();
  const limitRoom = (session: CDPSession, quotaSize?: number) =>
    session.send('Storage.overrideQuotaForOrigin', {
      origin: new URL(cluster.url()).origin,
      ...(quotaSize === undefined ? {} : { quotaSize }),
    });
  /** The service is away, and an edit waits. */
  const writeWithoutService = async (text: string): Promise<void> => {
    proxy.cut();
    await page
      .getByRole('banner')
      .getByRole('button', { name: /verbinde|manuell|connecting|manual/ })
      .waitFor();
    await cellOf(page, 'F-1', 'note').dblclick();
    await page.getByRole('textbox', { name: /^(Notiz bearbeiten|Edit note)/ }).fill(text);
    await page.keyboard.press('Enter');
  };

  it('R4.4 says so, asks before the page is closed, goes on, and loses nothing that was typed', async () => {
    await open('de-DE', async (opened) => limitRoom(await context.newCDPSession(opened), NO_ROOM_BYTES));
    await writeWithoutService('kein Platz');
    await banner('Hinweis zum Speicher')
      .getByText(
        'Der Speicher dieses Browsers ist voll. Ihre ungesendete Änderung gibt es nur auf dieser Seite: Lassen Sie sie offen, bis alles gesendet ist.',
      )
      .waitFor();
    expect(await findBarriers(page)).toEqual([]);
    const asked = page.waitForEvent('dialog');
    void page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();

    proxy.restore();
    await isLive();
    await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['kein Platz', 'kein Platz']));
    await cases.editAs(ben, 'F-2', { note: 'von Ben' });
    await cellOf(page, 'F-2', 'note').getByText('von Ben').waitFor();
    await banner('Hinweis zum Speicher')
      .getByText(/Sie können weiterarbeiten/)
      .waitFor();
  });

  it('R4.4 says so in English, and no more once there is room again', async () => {
    let session: CDPSession | undefined;
    await open('en-GB', async (opened) => {
      session = await context.newCDPSession(opened);
      await limitRoom(session, NO_ROOM_BYTES);
    });
    await writeWithoutService('no room');
    await banner('Note on storage')
      .getByText(/^The storage of this browser is full\. Your unsent change is on this page alone/)
      .waitFor();
    if (session) await limitRoom(session);
    await eventually(async () => expect((await keptIn(page, 'edits')).length).toBe(1), 60_000);
    await banner('Note on storage')
      .getByText(/on this page alone/)
      .waitFor({ state: 'detached' });
  });

  it('R4.4 gives up the copy for what was typed', async () => {
    await open();
    const parts = async () => (await keptIn(page, 'parts')).length;
    await cases.editAs(ben, 'F-2', { note: 'von Ben' });
    await eventually(async () => expect(await parts()).toBeGreaterThan(0));
    const session = await context.newCDPSession(page);
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin: new URL(cluster.url()).origin });
    await limitRoom(session, Math.max(1, Math.floor(usage)));
    // Chromium believes for half a minute in the room that it saw last.
    await page.waitForTimeout(ROOM_REMEMBERED_MS);
    await writeWithoutService('wichtiger als die Kopie');
    await eventually(async () => expect(await parts()).toBe(0));
  });

  it('R4.4 says where nothing can be kept at all, and works', async () => {
    await open('de-DE', (opened) =>
      opened.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined })),
    );
    await banner('Hinweis zum Speicher')
      .getByText(/^Dieser Browser kann hier nichts speichern\./)
      .waitFor();
    await writeNote(page, 'F-1', 'geht trotzdem');
    await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['geht trotzdem', 'geht trotzdem']));
    await cases.editAs(ben, 'F-2', { note: 'von Ben' });
    await cellOf(page, 'F-2', 'note').getByText('von Ben').waitFor();
  });

  it('R4.4 keeps anew what waits when the browser has thrown away what it kept', async () => {
    await open();
    await writeWithoutService('weggeräumt');
    await eventually(async () => expect((await keptIn(page, 'edits')).length).toBe(1));
    const session = await context.newCDPSession(page);
    const origin = new URL(cluster.url()).origin;
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
    await eventually(async () => expect((await keptIn(page, 'edits')).length).toBe(1));
    proxy.restore();
    await isLive();
    await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['weggeräumt', 'weggeräumt']));
    await eventually(async () => expect((await keptIn(page, 'edits')).length).toBe(0));
  });
});
