import { eventually, type TestPerson } from '@meldesync/testkit';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enterCredentials, signIn } from './browser.ts';
import { doneBox, writeNote } from './case-list.ts';
import { openDesk } from './desk.ts';
import { keptIn } from './kept.ts';
import { Line } from './line.ts';

/** A client may wait up to 20 s before it tries again (R4.1). */
const TIMEOUT_MS = 90_000;

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

describe('one browser, several people', { timeout: TIMEOUT_MS }, () => {
  let context: BrowserContext;

  beforeEach(async () => {
    await cluster.sql('delete from records');
    await cluster.sql('delete from imports');
    await cases.add('F-1', 'F-2');
    context = await browser.context();
  });
  afterEach(async () => {
    await context?.close();
  });

  const pill = (page: Page, text: RegExp) => page.getByRole('banner').getByRole('button', { name: text });
  const account = (page: Page) => page.getByRole('banner').getByRole('button', { name: /^Konto/ });
  const password = (page: Page) => page.getByLabel(/passwor/i).first();

  const signOut = async (page: Page): Promise<void> => {
    await account(page).click();
    await page.getByRole('menuitem', { name: 'Abmelden' }).click();
  };
  const signInTab = async (person: TestPerson): Promise<Page> => {
    const page = await context.newPage();
    await signIn(page, cluster.url(), person);
    await pill(page, /live/).waitFor();
    return page;
  };
  const endSessions = (person: TestPerson) => cluster.sql('delete from auth.session where user_id = $1', [person.id]);
  const unsent = (page: Page) => keptIn(page, 'edits');

  it("R4.4 asks about a person's own unsent edits when they sign out, and keeps those of others", async () => {
    const asked: string[] = [];
    const first = await signInTab(anna);
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

    const second = await signInTab(ben);
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
