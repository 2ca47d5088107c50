import { eventually } from '@meldesync/testkit';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enterCredentials, signIn } from './browser.ts';
import { cellOf, doneBox, writeNote } from './case-list.ts';
import { openDesk } from './desk.ts';
import { keptIn } from './kept.ts';
import { Line } from './line.ts';
import { startWebProxy, type WebProxy } from './web-proxy.ts';

const TIMEOUT_MS = 240_000;

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

describe('edits of tabs that were closed', { timeout: TIMEOUT_MS }, () => {
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
    await cases.add('F-1', 'F-2', 'F-3');
    context = await browser.context({ proxy: { server: proxy.server } });
    await signIn(await context.newPage(), cluster.url(), anna);
  });
  afterEach(async () => {
    proxy.restore();
    await context?.close();
  });

  const pill = (page: Page, text: RegExp) => page.getByRole('banner').getByRole('button', { name: text });
  const openTab = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(cluster.url());
    await isLive(page);
    return page;
  };
  const isLive = (page: Page) => pill(page, /live/).waitFor();
  /** The first was there already, of who has signed in. */
  const openTabs = async (): Promise<[Page, Page, Page]> => {
    const [first] = context.pages();
    if (!first) throw new Error('somebody must have signed in');
    await isLive(first);
    return [first, await openTab(), await openTab()];
  };
  /** A tab that alone has no way to the service. */
  const openTabOffline = async (): Promise<Page> => {
    const page = await openTab();
    const line = new Line();
    await line.watch(page);
    await page.route('**/edits', (route) => route.abort());
    await line.cut();
    await pill(page, /verbinde/).waitFor();
    return page;
  };
  const unsent = async (page: Page): Promise<number> => (await keptIn(page, 'edits')).length;
  const keeps = (page: Page, count: number) => eventually(async () => expect(await unsent(page)).toBe(count));
  const crash = async (page: Page): Promise<void> => {
    const session = await context.newCDPSession(page);
    const crashed = page.waitForEvent('crash');
    void session.send('Page.crash').catch(() => undefined);
    await crashed;
  };
  const showsNote = (page: Page, caseId: string, text: string) =>
    eventually(async () => expect(await cellOf(page, caseId, 'note').innerText()).toContain(text));
  /** How often each note was written to a record of a case, in the order of the first of them. */
  const writtenNotes = async (caseId: string): Promise<[string, number][]> =>
    (
      await cluster.sql(
        `select after ->> 'note' as note, count(*)::int as times from changes
         where op = 'update' and after ->> 'note' is distinct from before ->> 'note' and record_id in (select id from records where case_id = $1)
         group by 1 order by min(id)`,
        [caseId],
      )
    ).map(({ note, times }) => [String(note), Number(times)]);
  const conflicts = async (): Promise<number> =>
    Number((await cluster.sql('select count(*) as count from conflicts'))[0]?.['count']);

  it('R4.4 are sent by the one that is left, each once and in their order, and none meets another of the same person', async () => {
    const [first, second, third] = await openTabs();
    proxy.cut();
    for (const page of [first, second, third]) await pill(page, /verbinde|manuell/).waitFor();
    await writeNote(first, 'F-1', 'vom ersten');
    await writeNote(second, 'F-2', 'vom zweiten');
    await doneBox(second, 'F-1').click();
    await writeNote(third, 'F-1', 'vom dritten');
    await writeNote(third, 'F-3', 'vom dritten');
    await keeps(third, 5);
    // It is said how many of the person wait, wherever they were typed.
    const banner = third.getByRole('region', { name: 'Hinweis zur Verbindung' });
    await banner.getByText(/Ihre 5 Änderungen werden/).waitFor();
    await first.close();
    await second.close();
    await showsNote(third, 'F-2', 'vom zweiten');
    await showsNote(third, 'F-1', 'vom dritten');
    expect(await doneBox(third, 'F-1').isChecked()).toBe(true);
    await banner.getByText(/Ihre 5 Änderungen werden/).waitFor();

    proxy.restore();
    await isLive(third);
    await keeps(third, 0);
    expect(await cases.stored('F-1', 'note')).toEqual(['vom dritten', 'vom dritten']);
    expect(await cases.stored('F-1', 'done')).toEqual([true, true]);
    expect(await cases.stored('F-2', 'note')).toEqual(['vom zweiten', 'vom zweiten']);
    expect(await writtenNotes('F-1')).toEqual([
      ['vom ersten', 2],
      ['vom dritten', 2],
    ]);
    expect(await writtenNotes('F-2')).toEqual([['vom zweiten', 2]]);
    expect(await writtenNotes('F-3')).toEqual([['vom dritten', 2]]);
    expect(await conflicts()).toBe(0);
    expect(await third.getByRole('dialog').count()).toBe(0);
  });

  it('R4.4 of a tab that crashed are sent once where two are open, and one conflict with a colleague is asked about once', async () => {
    const [left, one] = [await openTabOffline(), await openTab()];
    await writeNote(left, 'F-1', 'vor dem Absturz');
    await writeNote(left, 'F-2', 'kommt zu spät');
    await keeps(one, 2);
    await cases.editAs(ben, 'F-2', { note: 'von Ben' });
    await crash(left);
    await keeps(one, 0);
    await eventually(async () =>
      expect(await cases.stored('F-1', 'note')).toEqual(['vor dem Absturz', 'vor dem Absturz']),
    );
    expect(await writtenNotes('F-1')).toEqual([['vor dem Absturz', 2]]);
    // One of each half of the case, which are decided together.
    expect(await conflicts()).toBe(2);
    // Whichever of the tabs that are left has sent it: the one in which the person signed in is there as well.
    const tabs = context.pages().filter((page) => page !== left);
    await eventually(async () => {
      const asked = await Promise.all(tabs.map((page) => page.getByRole('dialog').count()));
      expect(asked.reduce((sum, count) => sum + count, 0)).toBe(1);
    });
    await cluster.sql('delete from conflicts');
  });

  it('R5.1 are never sent by tabs of somebody else, and wait for their person', async () => {
    const [left, open] = [await openTabOffline(), await openTab()];
    await writeNote(left, 'F-1', 'von Anna');
    await keeps(open, 1);
    open.on('dialog', (dialog) => void dialog.accept());
    await pill(open, /^Konto/).click();
    await open.getByRole('menuitem', { name: 'Abmelden' }).click();
    const password = open.getByLabel(/passwor/i).first();
    await password.waitFor();
    await left.close();
    await enterCredentials(open, ben);
    await isLive(open);
    await writeNote(open, 'F-2', 'von Ben');
    await eventually(async () => expect(await cases.stored('F-2', 'note')).toEqual(['von Ben', 'von Ben']));
    expect([await unsent(open), await cases.stored('F-1', 'note')]).toEqual([1, [null, null]]);

    await pill(open, /^Konto/).click();
    await open.getByRole('menuitem', { name: 'Abmelden' }).click();
    await password.waitFor();
    await enterCredentials(open, anna);
    await keeps(open, 0);
    expect(await writtenNotes('F-1')).toEqual([['von Anna', 2]]);
  });
});
