import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, findDumpPrograms, readRedis, startDumpablePostgres, verifyTrailOf } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { signIn } from './browser.ts';
import { rowOf, writeNote } from './case-list.ts';
import { openDesk } from './desk.ts';
import { keptIn } from './kept.ts';
import { Line } from './line.ts';
import { makeProfile } from './profile.ts';
import { startWebProxy } from './web-proxy.ts';

const TIMEOUT_MS = 240_000;
const CASE = 'F-66600123';
const OTHER = 'F-55500123';
const NOTE = 'Zebrafink ruft zurück';
const DRAFT = 'Storchenruf noch offen';
const AWAY = 'Kranich kam zu spät';
const OPENED = 'F-77700123';

const programs = findDumpPrograms();
const postgres = programs === undefined ? undefined : await startDumpablePostgres(programs);
afterAll(() => postgres?.[Symbol.asyncDispose]());
const folder = await mkdtemp(join(tmpdir(), 'meldesync-erased-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const archive = join(folder, 'archive');
await mkdir(archive);
const { cluster, browser, anna, ben, cases } = await openDesk({
  nodes: 1,
  holdBackMs: 1_000,
  sealIntervalMs: 100,
  ...(postgres ? { postgresUrl: postgres.url } : {}),
  retention: { lookMs: 100, archiveFolder: archive },
});

/** What a person of the database would carry away. */
async function dump(): Promise<string> {
  if (!postgres) {
    // Without the programs for it: every row of every table.
    const tables = await cluster.sql(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r' and n.nspname in ('public', 'auth', 'drizzle')`,
    );
    const rows = await Promise.all(
      tables.map(({ name }) => cluster.sql(`select t::text as row from ${String(name)} t`)),
    );
    return rows
      .flat()
      .map(({ row }) => String(row))
      .join('\n');
  }
  const file = join(folder, 'dump');
  await postgres.dump(cluster.database.ownerUrl, file);
  return postgres.restore(['--file=-', file]);
}

/** Everything that Redis holds, and wrote to its disk. */
async function redisBytes(): Promise<Buffer> {
  const { file, keys } = await readRedis(cluster.redis);
  const setting = async (name: string) => ((await cluster.redis.command('CONFIG', 'GET', name)) as string[])[1] ?? '';
  const log = join(await setting('dir'), await setting('appenddirname'));
  const parts = await Promise.all((await readdir(log)).map((name) => readFile(join(log, name))));
  return Buffer.concat([file, ...keys.values(), ...parts]);
}

const verify = () => verifyTrailOf(cluster.database);

const sealed = () =>
  eventually(async () => {
    const [row] = await cluster.sql(
      `select (select count(*) from changes c where not exists (select from audit_leaves where source = 'c' and entry = c.id))
         + (select count(*) from events e where not exists (select from audit_leaves where source = 'e' and entry = e.id)) as left`,
    );
    expect(Number(row?.['left'])).toBe(0);
  });

describe('a case that is erased', { timeout: TIMEOUT_MS }, () => {
  it('R5.5 is in no dump, no Redis and no browser any more, and the trail proves itself before and after', async () => {
    await cluster.redis.command('CONFIG', 'SET', 'appendonly', 'yes');
    await cases.add(CASE, OTHER);
    await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [ben.id]);
    await cases.editAs(ben, CASE, { note: NOTE });
    const numbers = (await cluster.sql('select vorgangsnummer as n from records where case_id = $1', [CASE])).map(
      ({ n }) => String(n),
    );
    const needles = {
      case: CASE,
      note: NOTE,
      draft: DRAFT,
      away: AWAY,
      first: numbers[0] ?? '',
      second: numbers[1] ?? '',
    };

    // One browser is open; another one has a copy, a draft and is away until later.
    await using here = await makeProfile();
    await using away = await makeProfile();
    await using proxy = await startWebProxy();
    const open = await (await here.open()).newPage();
    await signIn(open, cluster.url(), anna);
    await rowOf(open, CASE).waitFor();
    const left = await (await away.open({ proxy: { server: proxy.server } })).newPage();
    await signIn(left, cluster.url(), anna);
    await rowOf(left, CASE).waitFor();
    await left.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await eventually(async () => expect((await keptIn(left, 'parts')).length).toBeGreaterThan(0));
    proxy.cut();
    await writeNote(left, CASE, AWAY);
    await eventually(async () => expect(await keptIn(left, 'edits')).toHaveLength(1));
    await cases.editAs(ben, OTHER, { note: `wie ${CASE}` });

    await sealed();
    expect(await verify()).toMatchObject({ found: 0, erased: 0 });
    expect(await dump()).toContain(CASE);
    expect((await redisBytes()).includes(CASE)).toBe(true);

    const api = cluster.administration(ben);
    await expect(
      cluster.administration(anna).eraseCase(cluster.workspace, { caseId: CASE, reason: 'Antrag' }),
    ).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(api.eraseCase(cluster.workspace, { caseId: CASE, reason: `Antrag ${CASE}` })).rejects.toMatchObject({
      code: 'reason-names-case',
    });
    const erased = await api.eraseCase(cluster.workspace, { caseId: CASE, reason: 'Antrag vom 3. Mai' });
    expect(erased).toMatchObject({ records: 2, notes: 2 });
    await eventually(async () => {
      const [state] = await api.erasures(cluster.workspace);
      expect(state).toMatchObject({ streamsDoneAt: expect.any(String), archivesDoneAt: expect.any(String) });
    }, 120_000);

    // Who is here sees it go, and who comes back later loses the copy and the draft.
    await eventually(async () => expect(await rowOf(open, CASE).count()).toBe(0));
    proxy.restore();
    await eventually(async () => expect(await rowOf(left, CASE).count()).toBe(0));
    await rowOf(left, OTHER).waitFor();
    const showsNothing = async (page: Page) => {
      const text = await page.locator('body').innerText();
      for (const needle of [CASE, NOTE, AWAY]) expect(text).not.toContain(needle);
    };
    await eventually(() => showsNothing(open));
    await eventually(async () => expect(await keptIn(left, 'edits')).toEqual([]));

    await sealed();
    const verdict = await verify();
    expect(verdict).toMatchObject({ findings: [] });
    expect(verdict.erased).toBeGreaterThan(0);
    const dumped = await dump();
    expect(dumped).toContain(OTHER);
    for (const [name, needle] of Object.entries(needles))
      expect(dumped.includes(needle), `${name} in the dump`).toBe(false);
    await eventually(async () => {
      const bytes = await redisBytes();
      for (const [name, needle] of Object.entries(needles))
        expect(bytes.includes(needle), `${name} in Redis`).toBe(false);
    });
    for (const [page, profile] of [
      [open, here],
      [left, away],
    ] as const) {
      await page.context().close();
      expect(await profile.find(needles)).toEqual([]);
    }
  });

  it('R5.5 leaves nothing in pages that had it open: no draft, waiting conflict, undo, search, entry or file of the profile', async () => {
    const ada = await cluster.addPerson('Ada Admin', { workspace: cluster.workspace, role: 'admin' });
    await cases.add(OPENED);
    await cases.editAs(ben, OPENED, { note: 'Pirol rief zuerst' });
    await using profile = await makeProfile();
    const context = await profile.open();
    const page = await context.newPage();
    const line = new Line();
    await line.join(page);
    await signIn(page, cluster.url(), anna);
    await line.standsOn(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    // Looked for, and edited, so that it can be taken back.
    await page.getByRole('searchbox').fill(OPENED);
    await writeNote(page, OPENED, 'Wiedehopf rief danach');
    await eventually(async () =>
      expect(await cases.stored(OPENED, 'note')).toEqual(['Wiedehopf rief danach', 'Wiedehopf rief danach']),
    );
    // An edit that came second, put off for later.
    const [record] = await cluster.sql('select id from records where case_id = $1 order by id', [OPENED]);
    await eventually(async () => expect(await cluster.api(ada).locks(cluster.workspace)).toEqual([]), 60_000);
    line.hold();
    await cases.editAs(ben, OPENED, { note: 'Pirol rief noch einmal' });
    await writeNote(page, OPENED, 'Neuntöter kam zu spät');
    line.release();
    const dialog = page.getByRole('dialog', { name: /^Jemand war schneller/ });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Konflikt/ }).waitFor();
    // A text that is not saved.
    await rowOf(page, OPENED).locator('[data-col=note][role=gridcell]').dblclick();
    await page.getByRole('textbox', { name: /^Notiz bearbeiten/ }).fill('Eisvogel noch im Entwurf');
    // An auditor looks at it, narrowed so that the erasure itself is not shown.
    const looked = await browser.open(cluster, ada);
    await looked.goto(`${cluster.url()}/w/${cluster.workspace}/audit?record=${String(record?.['id'])}`);
    await looked.getByText('Wiedehopf').first().waitFor();

    await cluster.administration(ben).eraseCase(cluster.workspace, { caseId: OPENED, reason: 'Antrag vom 4. Mai' });
    const texts = [OPENED, 'Pirol', 'Wiedehopf', 'Neuntöter', 'Eisvogel'];
    const shownOn = async (one: Page) => {
      const body = await one.locator('body').evaluate((element) => element.innerHTML);
      return texts.filter((text) => body.includes(text));
    };
    await eventually(async () => expect(await shownOn(looked)).toEqual([]));
    await eventually(async () =>
      expect(await page.getByRole('textbox', { name: /^Notiz bearbeiten/ }).count()).toBe(0),
    );
    expect(await page.getByRole('button', { name: /Konflikt/ }).count()).toBe(0);
    await page.keyboard.press('Control+z');
    await page.getByRole('searchbox').fill('');
    // What she was typing is told to her, and goes with the page; nothing of what was ever saved is.
    const saved = texts.slice(1, 4);
    await eventually(async () => {
      const shown = await shownOn(page);
      expect(saved.filter((text) => shown.includes(text))).toEqual([]);
    });
    await page.reload();
    await rowOf(page, OTHER).waitFor();
    // The copy of before is shown until the page is current.
    await eventually(async () => expect(await shownOn(page)).toEqual([]));
    const addresses = await page.evaluate(() => [location.href, JSON.stringify(history.state)]);
    expect(texts.filter((text) => addresses.some((one) => decodeURIComponent(one).includes(text)))).toEqual([]);
    expect(await keptIn(page, 'edits')).toEqual([]);
    // What the tab keeps for a reload, and the browser of what was typed into fields, is on its disk.
    await context.close();
    await looked.context().close();
    expect(await profile.find(Object.fromEntries(texts.map((text) => [text, text])))).toEqual([]);
  });
});
