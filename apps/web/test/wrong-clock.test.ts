import { eventually } from '@meldesync/testkit';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signIn } from './browser.ts';
import { cellOf, doneBox } from './case-list.ts';
import { openDesk } from './desk.ts';
import { startWebProxy, type WebProxy } from './web-proxy.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const TIMEOUT_MS = 240_000;
const ZONE = 'Europe/Berlin';

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

describe('a page whose clock is wrong', { timeout: TIMEOUT_MS }, () => {
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

  const pill = (text: RegExp) => page.getByRole('banner').getByRole('button', { name: text });
  const banner = () => page.getByRole('region', { name: 'Hinweis zur Verbindung' });
  const open = async (offMs: number): Promise<void> => {
    context = await browser.context({ proxy: { server: proxy.server }, timezoneId: ZONE });
    page = await context.newPage();
    await page.clock.install({ time: Date.now() + offMs });
    await signIn(page, cluster.url(), anna);
    await pill(/live/).waitFor();
    await doneBox(page, 'F-2').waitFor();
  };
  /** What the banner says: how many minutes old the list is, and as of when. */
  const saidAge = async (): Promise<{ minutes: number; time: string }> => {
    const text = await banner().innerText();
    const [, time = '', minutes] = /Stand (?:\d\S+, )?(\d\d:\d\d)(?:, vor (\d+) Minute)?/.exec(text) ?? [];
    return { time, minutes: Number(minutes ?? 0) };
  };
  /** So many minutes, and what the test itself has taken. */
  const isOld = (minutes: number) =>
    eventually(async () => {
      const said = (await saidAge()).minutes;
      expect(said).toBeGreaterThanOrEqual(minutes);
      expect(said).toBeLessThanOrEqual(minutes + 2);
    });
  const clockTime = (at: number): string =>
    new Intl.DateTimeFormat('de-DE', { hour: '2-digit', minute: '2-digit', timeZone: ZONE }).format(at);

  it.each([2 * HOUR_MS, -2 * HOUR_MS])(
    'R4.3 says how old the list is and as of when, with a clock that is %i ms off',
    async (offMs) => {
      await open(offMs);
      await cases.editAs(ben, 'F-1', { note: 'neu' });
      await cellOf(page, 'F-1', 'note').getByText('neu').waitFor();
      // A change that is seconds old is told by its time, as the service says it.
      const latest = await cellOf(page, 'F-1', 'latest').innerText();
      expect([clockTime(Date.now()), clockTime(Date.now() - MINUTE_MS)].some((time) => latest.includes(time))).toBe(
        true,
      );
      const cutAt = Date.now();
      proxy.cut();
      await page.clock.fastForward(20_000);
      await banner().waitFor();
      await page.clock.fastForward(3 * MINUTE_MS);
      await isOld(3);
      expect([clockTime(cutAt), clockTime(cutAt + MINUTE_MS)]).toContain((await saidAge()).time);

      // Its clock is put right, or set back further: the list becomes no younger by that.
      await page.clock.setSystemTime(Date.now() - 5 * HOUR_MS);
      await page.clock.fastForward(MINUTE_MS);
      await isOld(4);
      proxy.restore();
      await page.clock.fastForward(10_000);
      await pill(/live/).waitFor();
    },
  );

  it('R4.3 goes on by itself when its clock is set while it is live, and says how long a colleague has been editing', async () => {
    await open(0);
    await page.clock.setSystemTime(Date.now() + 2 * HOUR_MS);
    await page.clock.fastForward(10_000);
    await pill(/live/).waitFor();
    const bens = await browser.open(cluster, ben);
    await cellOf(bens, 'F-1', 'note').dblclick();
    await bens.getByRole('textbox', { name: /^Notiz bearbeiten/ }).waitFor();
    await eventually(async () => expect(await cellOf(page, 'F-1', 'latest').innerText()).toMatch(/\b0:\d\d\b/));
    await bens.context().close();

    await page.clock.setSystemTime(Date.now() - 2 * HOUR_MS);
    await page.clock.fastForward(10_000);
    await pill(/live/).waitFor();
    proxy.cut();
    await page.clock.fastForward(20_000);
    await banner().waitFor();
    await page.clock.fastForward(MINUTE_MS);
    await isOld(1);
  });

  it('R4.3 counts the hours in which the machine slept', async () => {
    await open(2 * HOUR_MS);
    proxy.cut();
    // Of what runs a laptop that is closed nothing goes on, in most browsers not even the time since the page was opened.
    await page.clock.setSystemTime(Date.now() + 2 * HOUR_MS + 2 * HOUR_MS);
    await page.clock.fastForward(20_000);
    await banner().waitFor();
    await isOld(120);
  });
});
