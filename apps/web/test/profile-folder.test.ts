import { eventually, storedToken } from '@meldesync/testkit';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enterCredentials, signIn } from './browser.ts';
import { cellOf, writeNote } from './case-list.ts';
import { openDesk } from './desk.ts';
import { keptIn } from './kept.ts';
import { makeProfile, type Profile } from './profile.ts';
import { startWebProxy, type WebProxy } from './web-proxy.ts';

const TIMEOUT_MS = 240_000;
const CASE = 'F-77810001';
const DRAFT = 'Entwurf Zebrafink 4711';

const { cluster, anna, ben, cases } = await openDesk({ nodes: 1 });

describe("a browser's profile folder", { timeout: TIMEOUT_MS }, () => {
  let proxy: WebProxy;
  let profile: Profile;

  beforeAll(async () => {
    proxy = await startWebProxy();
  });
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await cluster.sql('delete from records');
    await cluster.sql('delete from auth.session where token <> all($1)', [[anna, ben].map(storedToken)]);
    await cases.add(CASE, 'F-77810002');
    profile = await makeProfile();
  });
  afterEach(async () => {
    proxy.restore();
    await profile?.[Symbol.asyncDispose]();
  });

  const pill = (page: Page, text: RegExp) => page.getByRole('banner').getByRole('button', { name: text });
  const open = (): Promise<BrowserContext> => profile.open({ proxy: { server: proxy.server } });
  /** Anna has worked here: she searched, somebody is named, and an edit of hers waits. */
  const work = async (context: BrowserContext): Promise<Page> => {
    const page = await context.newPage();
    await signIn(page, cluster.url(), anna);
    await pill(page, /live/).waitFor();
    await cases.editAs(ben, CASE, { assignee: ben.id });
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await eventually(async () => expect((await keptIn(page, 'parts')).length).toBeGreaterThan(0));
    await page.getByRole('searchbox').first().fill(CASE);
    await eventually(async () => expect(await cellOf(page, CASE, 'assignee').innerText()).toContain('BB'));
    return page;
  };
  const leaveUnsent = async (page: Page): Promise<void> => {
    proxy.cut();
    await pill(page, /verbinde|manuell|offline/).waitFor();
    await writeNote(page, CASE, DRAFT);
    await eventually(async () => expect(await keptIn(page, 'edits')).toHaveLength(1));
  };
  const signOut = async (page: Page): Promise<void> => {
    await page
      .getByRole('banner')
      .getByRole('button', { name: /^Konto/ })
      .click();
    page.once('dialog', (dialog) => void dialog.accept());
    await page.getByRole('menuitem', { name: 'Abmelden' }).click();
    await page
      .getByLabel(/passwor/i)
      .first()
      .waitFor();
  };
  /** What opens the copy: the secret beside the databases, and the key that the service gives. */
  const keysOf = (page: Page): Promise<Record<'secret' | 'copyKey' | 'privateKey', Buffer>> =>
    page
      .evaluate(async () => {
        const kept = await (await caches.open('meldesync-key')).match('/device-secret');
        const given = await fetch('/api/v1/me/device', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ isShared: false }),
        });
        const { copyKey, sealing } = (await given.json()) as { copyKey: string; sealing: { privateKey: string }[] };
        const secret = [...new Uint8Array((await kept?.arrayBuffer()) ?? [])];
        return { secret, copyKey, privateKey: sealing[0]?.privateKey ?? '' };
      })
      .then(({ secret, copyKey, privateKey }) => ({
        secret: Buffer.from(secret),
        copyKey: Buffer.from(copyKey, 'base64'),
        privateKey: Buffer.from(privateKey, 'base64'),
      }));
  const expectNothingUsable = async ({ secret, privateKey }: Awaited<ReturnType<typeof keysOf>>): Promise<void> => {
    expect(await profile.find({ ...CONTENT, secret, privateKey })).toEqual([]);
  };
  const sessionsOf = (person: typeof anna) =>
    cluster.sql('select id from auth.session where user_id = $1 and token <> $2', [person.id, storedToken(person)]);
  const CONTENT = { case: CASE, draft: DRAFT, name: anna.name, colleague: ben.name, address: anna.email };

  it('holds nothing readable of the cases, of anybody or of a draft while its person works, and after it was killed', async () => {
    const page = await work(await open());
    await leaveUnsent(page);
    expect(await profile.find(CONTENT)).toEqual([]);
    await profile.kill();
    expect(await profile.find(CONTENT)).toEqual([]);
  });

  it.each(['with the service', 'without the service'])('opens nothing after its person signed out %s', async (how) => {
    const page = await work(await open());
    const keys = await keysOf(page);
    await leaveUnsent(page);
    if (how === 'with the service') proxy.restore();
    await signOut(page);
    expect(await keptIn(page, 'parts')).toEqual([]);
    if (how === 'with the service') expect(await sessionsOf(anna)).toEqual([]);
    await page.context().close();
    await expectNothingUsable(keys);
  });

  it('shows the next person nothing of one whose browser was killed after signing out without the service', async () => {
    const page = await work(await open());
    const keys = await keysOf(page);
    await leaveUnsent(page);
    await signOut(page);
    await profile.kill();
    await expectNothingUsable(keys);

    const next = await (await open()).newPage();
    await next.goto(cluster.url());
    await next.getByText(/Ihre Abmeldung gilt/).waitFor();
    expect(await next.getByRole('grid').count()).toBe(0);
    proxy.restore();
    await next.getByText(/Ihre Abmeldung gilt/).waitFor({ state: 'detached' });
    await next.reload();
    expect(await next.getByRole('grid').count()).toBe(0);
    await enterCredentials(next, ben);
    await cellOf(next, CASE, 'note').waitFor();
    expect(await cellOf(next, CASE, 'note').innerText()).not.toContain(DRAFT);
    // Nor is it told of what waits for another, or able to remove it.
    await signOut(next);
    expect(await keptIn(next, 'edits')).toHaveLength(1);
    await enterCredentials(next, anna);
    await eventually(async () => expect(await cases.stored(CASE, 'note')).toEqual([DRAFT, DRAFT]), 30_000);
  });

  it('holds nothing but a sealed edit of who works on a shared workstation, whose tab was closed', async () => {
    const context = await open();
    await context.addInitScript(() => localStorage.setItem('meldesync.shared', 'on'));
    const page = await context.newPage();
    await signIn(page, cluster.url(), anna);
    await pill(page, /live/).waitFor();
    await page.getByRole('searchbox').first().fill(CASE);
    await leaveUnsent(page);
    for (const store of ['keyring', 'answers', 'copies', 'parts'] as const) {
      const entries = (await keptIn(page, store)) as [unknown, { parts?: number }][];
      expect(entries.filter(([, { parts }]) => parts !== 0)).toEqual([]);
    }
    await page.close();
    expect(await profile.find(CONTENT)).toEqual([]);
  });
});
