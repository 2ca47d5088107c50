import { eventually, type TestPerson } from '@meldesync/testkit';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enterCredentials, lookAway } from './browser.ts';
import { cellOf, doneBox, writeNote } from './case-list.ts';
import { openDesk } from './desk.ts';
import { keptIn } from './kept.ts';
import { Line } from './line.ts';

/** A client may wait up to 8 s before it tries again (R4.1). */
const TIMEOUT_MS = 240_000;

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

describe('one browser, several people', { timeout: TIMEOUT_MS }, () => {
  let context: BrowserContext;
  /** What a page threw and nobody caught. */
  const uncaught: string[] = [];

  beforeEach(async () => {
    await cluster.sql('delete from records');
    await cluster.sql('delete from imports');
    await cases.add('F-1', 'F-2');
    context = await browser.context();
    uncaught.length = 0;
    context.on('weberror', (error) => uncaught.push(String(error.error())));
  });
  afterEach(async () => {
    await context?.close();
    expect(uncaught).toEqual([]);
  });

  const pill = (page: Page, text: RegExp) => page.getByRole('banner').getByRole('button', { name: text });
  const account = (page: Page, person?: TestPerson) =>
    page.getByRole('banner').getByRole('button', { name: person ? new RegExp(`Konto.*${person.name}`) : /^Konto/ });
  const password = (page: Page) => page.getByLabel(/passwor/i).first();
  const notice = (page: Page) => page.getByRole('heading', { name: /jemand anderes angemeldet/ });

  const signOut = async (page: Page): Promise<void> => {
    await account(page).click();
    await page.getByRole('menuitem', { name: 'Abmelden' }).click();
  };
  /** Another page of the browser, of whoever is signed in. */
  const openTab = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(cluster.url());
    await pill(page, /live/).waitFor();
    return page;
  };
  /** A person's session takes the place of the one that there was, of which no page hears. */
  const swapSession = async (person: TestPerson): Promise<void> => {
    await context.addCookies([{ ...(await cluster.openSession(person)), url: cluster.url() }]);
  };
  const openTabAs = async (person: TestPerson): Promise<Page> => {
    await swapSession(person);
    return openTab();
  };
  const endSessions = (person: TestPerson) => cluster.sql('delete from auth.session where user_id = $1', [person.id]);
  const changedBy = async (): Promise<unknown[]> =>
    (
      await cluster.sql(
        `select distinct actor from changes where op = 'update' and record_id in (select id from records) order by actor`,
      )
    ).map(({ actor }) => actor);
  const unsent = (page: Page) => keptIn(page, 'edits');
  /** Anna has two pages open, and an edit of the first waits to be sent. Dialogs are refused until `accept`. */
  const leaveUnsent = async (prepare: () => Promise<unknown> = async () => undefined) => {
    await prepare();
    const first = await openTabAs(anna);
    const line = new Line();
    await line.watch(first);
    const second = await openTab();
    await first.route('**/edits', (route) => route.abort());
    await line.cut();
    await pill(first, /verbinde/).waitFor();
    await writeNote(first, 'F-1', 'ungesendet');
    await eventually(async () => expect(await unsent(first)).toHaveLength(1));
    const asked: string[] = [];
    let isAccepted = false;
    second.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void (isAccepted ? dialog.accept() : dialog.dismiss());
    });
    const accept = (): void => {
      isAccepted = true;
    };
    return { first, second, asked, accept };
  };

  it('takes every page of a person who signs out to the sign-in page', async () => {
    const first = await openTabAs(anna);
    const second = await openTab();
    await signOut(second);
    await password(second).waitFor();
    await password(first).waitFor();
    expect(await first.getByText('F-1').count()).toBe(0);

    await enterCredentials(second, ben);
    await account(second, ben).waitFor();
    await first.goto(cluster.url());
    await account(first, ben).waitFor();
  });

  it('R4.4 asks about the unsent edits of every page before it signs out, and sends them once their person is back', async () => {
    const { first, second, asked, accept } = await leaveUnsent();
    await signOut(second);
    await eventually(() => expect(asked).toEqual([expect.stringMatching(/^Eine Änderung.*bleibt verschlüsselt/)]));
    expect(await cellOf(first, 'F-1', 'note').innerText()).toContain('ungesendet');
    accept();
    await signOut(second);
    await password(second).waitFor();
    await password(first).waitFor();
    expect(await unsent(second)).toHaveLength(1);
    expect(await cases.stored('F-1', 'note')).toEqual([null, null]);

    await enterCredentials(second, ben);
    await account(second, ben).waitFor();
    asked.length = 0;
    await signOut(second);
    await password(second).waitFor();
    expect([asked, (await unsent(second)).length]).toEqual([[], 1]);
    await enterCredentials(second, anna);
    await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['ungesendet', 'ungesendet']));
    await eventually(async () => expect(await unsent(second)).toEqual([]));
  });

  it('R4.4 keeps nothing on a shared workstation, and says so before unsent edits are lost by signing out', async () => {
    const { first, second, asked, accept } = await leaveUnsent(() =>
      context.addInitScript(() => {
        if (location.origin !== 'null') localStorage.setItem('meldesync.shared', 'on');
      }),
    );
    expect([await keptIn(second, 'parts'), await keptIn(second, 'answers'), await keptIn(second, 'keyring')]).toEqual([
      [],
      [],
      [],
    ]);
    await signOut(second);
    await eventually(() => expect(asked).toEqual([expect.stringMatching(/^Eine Änderung.*geht verloren/)]));
    expect(await unsent(second)).toHaveLength(1);
    accept();
    await signOut(second);
    await password(second).waitFor();
    await password(first).waitFor();
    expect(await unsent(second)).toEqual([]);
  });

  it('takes a shared workstation for one again at the next sign-in, until somebody says otherwise', async () => {
    const page = await context.newPage();
    await page.goto(cluster.url());
    const choice = page.getByRole('checkbox', { name: /Gemeinsam genutzter Arbeitsplatz/ });
    expect(await choice.isChecked()).toBe(false);
    await choice.check();
    const given = page.waitForResponse('**/api/v1/me/device');
    await enterCredentials(page, anna);
    await given;
    await pill(page, /live/).waitFor();
    await eventually(async () =>
      expect(await cluster.sql('select is_shared from auth.session where user_id = $1', [anna.id])).toContainEqual({
        is_shared: true,
      }),
    );
    await cases.editAs(ben, 'F-1', { note: 'neu' });
    await eventually(async () => expect(await cellOf(page, 'F-1', 'note').innerText()).toContain('neu'));
    await page.getByRole('searchbox').fill('F-1');
    // Before its person signs out, which would erase it; without a key ring there can be no copy either.
    expect([await keptIn(page, 'keyring'), await keptIn(page, 'parts')]).toEqual([[], []]);
    await signOut(page);
    await password(page).waitFor();
    expect(await choice.isChecked()).toBe(true);
  });

  it('takes a page that slept while its person signed out to the sign-in page when it is looked at', async () => {
    const first = await context.newPage();
    // It is told nothing, as if the browser had put it to sleep.
    await first.addInitScript(() => addEventListener('storage', (event) => event.stopImmediatePropagation()));
    await swapSession(anna);
    await first.goto(cluster.url());
    await pill(first, /live/).waitFor();
    const second = await openTab();
    // A browser that puts a page aside says so.
    const opacity = await first.evaluate(() => {
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
      return getComputedStyle(document.documentElement).opacity;
    });
    expect(opacity).toBe('0');
    await lookAway(first, async () => {
      await signOut(second);
      await password(second).waitFor();
    });
    await password(first).waitFor();
  });

  it('R5.1 shows and does nothing of one person while the browser is signed in as another', async () => {
    const first = await openTabAs(anna);
    const second = await openTab();
    await endSessions(anna);
    await pill(second, /anmelden/).waitFor();
    await writeNote(second, 'F-1', 'von Anna');
    await eventually(async () => expect(await unsent(second)).not.toEqual([]));
    await pill(first, /anmelden/).waitFor();
    await first.getByRole('button', { name: 'Wieder anmelden' }).click();
    await enterCredentials(first, ben);
    await account(first, ben).waitFor();

    await notice(second).waitFor();
    expect(await second.getByText('F-1').count()).toBe(0);
    await second.getByRole('button', { name: 'Weiter' }).click();
    await account(second, ben).waitFor();
    await writeNote(second, 'F-2', 'von Ben');
    await eventually(async () => expect(await cases.stored('F-2', 'note')).toEqual(['von Ben', 'von Ben']));
    expect(await cases.stored('F-1', 'note')).toEqual([null, null]);
    expect(await changedBy()).toEqual([`user:${ben.id}`]);

    await signOut(second);
    await password(second).waitFor();
    await enterCredentials(second, anna);
    await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['von Anna', 'von Anna']));
    expect(await changedBy()).toEqual([`user:${anna.id}`, `user:${ben.id}`].toSorted());
  });

  it('goes on by itself with another session of its person, as who changes what they sign in with has one', async () => {
    const page = await openTabAs(anna);
    const former = await cluster.sql('select id from auth.session where user_id = $1', [anna.id]);
    await swapSession(anna);
    const again = page.waitForEvent('websocket');
    await cluster.sql('delete from auth.session where id = any($1)', [former.map(({ id }) => id)]);
    await again;
    await pill(page, /live/).waitFor();
    await writeNote(page, 'F-1', 'geht weiter');
    await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['geht weiter', 'geht weiter']));
  });

  it('keeps what is being typed for its person when another signs in', async () => {
    const first = await openTabAs(anna);
    const second = await openTab();
    await cellOf(second, 'F-1', 'note').dblclick();
    await second.getByRole('textbox', { name: /^Notiz bearbeiten/ }).fill('halb getippt');
    await endSessions(anna);
    await pill(first, /anmelden/).waitFor();
    await first.getByRole('button', { name: 'Wieder anmelden' }).click();
    await enterCredentials(first, ben);
    await notice(second).waitFor();
    expect(await cases.stored('F-1', 'note')).toEqual([null, null]);
    await account(first, ben).waitFor();
    await signOut(first);
    await password(first).waitFor();
    await enterCredentials(first, anna);
    await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['halb getippt', 'halb getippt']));
  });

  it('R5.1 takes no file in the name of another than the page shows, also where no page heard of the change', async () => {
    const page = await openTabAs(anna);
    await page.getByRole('link', { name: 'Importe' }).click();
    // Once the list is there, nothing else asks the service.
    await page.getByText('Noch keine Importe').waitFor();
    await swapSession(ben);
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: 'a.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('Vorgangsnummer,Meldebestaetigung\n'),
      });
    await notice(page).waitFor();
    expect(await cluster.sql('select id from imports')).toEqual([]);
  });

  it('notices another person when the page is looked at again', async () => {
    const page = await openTabAs(anna);
    await lookAway(page, () => swapSession(ben));
    await notice(page).waitFor();
    await page.getByRole('button', { name: 'Weiter' }).click();
    await account(page, ben).waitFor();
  });

  it('never ends the session of another than the page shows', async () => {
    const page = await openTabAs(anna);
    await swapSession(ben);
    // The first press may already show whose browser it is by now, and take the page away from under the next.
    await Promise.race([signOut(page).catch(() => notice(page).waitFor()), notice(page).waitFor()]);
    await notice(page).waitFor();
    expect(await cluster.sql('select id from auth.session where user_id = $1', [ben.id])).not.toEqual([]);
  });

  it('goes on in every page of a person who signs in again in one of them', async () => {
    const first = await openTabAs(anna);
    const second = await openTab();
    await endSessions(anna);
    await pill(second, /anmelden/).waitFor();
    await pill(first, /anmelden/).waitFor();
    await first.getByRole('button', { name: 'Wieder anmelden' }).click();
    await enterCredentials(first, anna);
    await pill(first, /live/).waitFor();
    await pill(second, /live/).waitFor();
  });

  it('seals what releases before kept readable to whose it is, and loses none of it', async () => {
    const [{ id, version }] = (await cluster.sql(
      `select id, version from records where case_id = 'F-1' order by id`,
    )) as [{ id: string; version: number }];
    const seen = await cluster.api(ben).record(cluster.workspace, Number(id));
    const edit = (note: string) => ({
      operation: `old-edit-${note.replaceAll(' ', '-')}`,
      order: 1,
      intents: [{ seen, set: { note } }],
      bases: [{ from: version, to: version }],
    });
    const start = await context.newPage();
    await start.goto(`${cluster.url()}/favicon.svg`);
    await start.evaluate(
      async (entries) => {
        const opening = indexedDB.open('meldesync', 1);
        opening.addEventListener('upgradeneeded', () => {
          for (const store of ['copies', 'parts', 'edits']) opening.result.createObjectStore(store);
        });
        await new Promise((resolve) => opening.addEventListener('success', resolve));
        const writing = opening.result.transaction(['parts', 'edits'], 'readwrite');
        writing.objectStore('parts').put('{"records":[]}', ['somebody/somewhere', 0]);
        for (const [key, value] of entries) writing.objectStore('edits').put(value, key);
        await new Promise((resolve) => writing.addEventListener('complete', resolve));
        opening.result.close();
      },
      [anna, ben].map(
        (person) =>
          [
            [`${person.id}/${cluster.workspace}`, edit(person.name).operation] as string[],
            { page: 'gone', edit: edit(person.name) },
          ] as const,
      ),
    );
    const page = await openTabAs(ben);
    await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual([ben.name, null]));
    await eventually(async () =>
      expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).not.toContain(
        'meldesync',
      ),
    );
    await eventually(async () =>
      expect((await unsent(page)).map(([key]) => key)).toEqual([
        [`${anna.id}/${cluster.workspace}`, edit(anna.name).operation],
      ]),
    );
    await signOut(page);
    await password(page).waitFor();
    await enterCredentials(page, anna);
    // Ben was first.
    await page.getByRole('dialog').getByText(anna.name).first().waitFor();
    await eventually(async () => expect(await unsent(page)).toEqual([]));
  });

  it("R4.4 asks about a person's own unsent edits when they sign out, and keeps those of others", async () => {
    const asked: string[] = [];
    const first = await openTabAs(anna);
    first.on('dialog', (dialog) => void dialog.accept());
    const line = new Line();
    await line.watch(first);
    await first.reload();
    await pill(first, /live/).waitFor();
    await line.cut();
    await pill(first, /verbinde/).waitFor();
    await writeNote(first, 'F-1', 'von Anna');
    await eventually(async () => expect(await unsent(first)).not.toEqual([]));
    await first.close();
    await endSessions(anna);

    const second = await openTabAs(ben);
    second.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.accept();
    });
    await doneBox(second, 'F-1').waitFor();
    const kept = await unsent(second);
    expect(kept).not.toEqual([]);
    await signOut(second);
    await password(second).waitFor();
    expect(asked).toEqual([]);
    expect(await unsent(second)).toEqual(kept);
    expect(await keptIn(second, 'parts')).toEqual([]);

    await enterCredentials(second, anna);
    await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['von Anna', 'von Anna']));
  });
});
