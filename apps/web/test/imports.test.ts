import { readFile } from 'node:fs/promises';
import { eventually, openTransaction, sampleCsv, sampleMeldebestaetigung } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { signIn } from './browser.ts';
import { openDesk } from './desk.ts';
import { focusedName } from './typing-desk.ts';

const { cluster, browser, anna, ben } = await openDesk();

describe('imports in the browser', () => {
  let first: Page;
  let second: Page;

  beforeAll(async () => {
    await cluster.addRecords(1, { first: 9_000, caseId: 'F-1' });
    first = await browser.open(cluster, anna, { node: 0 });
    second = await browser.open(cluster, ben, { node: 1 });
  });

  const csv = (name: string, content: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });

  it('R3.1 R3.2 many files at once: one row each with its counts, and the records on every screen', async () => {
    await first.getByRole('link', { name: 'Importe' }).click();
    await first
      .locator('input[type=file]')
      .setInputFiles(Array.from({ length: 5 }, (_, index) => csv(`teil-${index}.csv`, sampleCsv(20, 1 + index * 20))));
    for (let index = 0; index < 5; index++) {
      const row = first.getByRole('row').filter({ hasText: `teil-${index}.csv` });
      await eventually(async () => expect(await row.innerText()).toMatch(/fertig\s+20\s+0\s+0\s+0/));
    }
    await eventually(async () =>
      expect(await second.getByLabel('Summen der gezeigten Fälle').innerText()).toContain('100 ohne Fallnummer'),
    );
  });

  it('R3.1 a list that was read before the end of a file, and arrives after it, takes nothing back', async () => {
    const isList = new RegExp(`/workspaces/${cluster.workspace}/imports$`);
    const row = first.getByRole('row').filter({ hasText: 'schnell.csv' });
    let held = 0;
    await first.route(isList, async (route) => {
      if (route.request().method() !== 'GET') return route.continue();
      const response = await route.fetch();
      const { imports } = (await response.json()) as { imports: { filename: string }[] };
      await row.getByText('fertig').waitFor();
      held += 1;
      const earlier = imports.map((one) =>
        one.filename === 'schnell.csv' ? { ...one, status: 'running', finishedAt: null } : one,
      );
      return route.fulfill({ response, json: { imports: earlier } });
    });
    await first.locator('input[type=file]').setInputFiles([csv('schnell.csv', sampleCsv(1, 200))]);
    // The page goes on reading the list as long as it says that the file is worked through.
    await eventually(() => expect(held).toBeGreaterThan(1));
    expect(await row.innerText()).toMatch(/fertig\s+1\s+0\s+0\s+0/);
    await first.unroute(isList);
  });

  it('R3.1 sees the end of a file also when nothing tells of it', async () => {
    // Somebody writes the file's first record and does not end, so that the list is read while the file is worked through.
    await using blocker = await openTransaction(cluster.database.ownerUrl);
    const { vorgangsnummer, ibe } = sampleMeldebestaetigung(300);
    const insert = 'insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3)';
    await blocker.query(insert, [cluster.workspace, vorgangsnummer, ibe]);
    const deaf = await (await browser.context()).newPage();
    await deaf.routeWebSocket(/./, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        if (!String(message).startsWith('{"type":"import"')) socket.send(message);
      });
    });
    await signIn(deaf, cluster.url(), anna);
    await deaf.getByRole('link', { name: 'Importe' }).click();
    await deaf.locator('input[type=file]').setInputFiles([csv('still.csv', sampleCsv(2, 300))]);
    const row = deaf.getByRole('row').filter({ hasText: 'still.csv' });
    await row.getByText('läuft').waitFor();
    await blocker.rollback();
    await eventually(async () => expect(await row.innerText()).toMatch(/fertig\s+2\s+0\s+0\s+0/));
    await deaf.context().close();
  });

  it('says in words why rows and files were refused, and gives the rejected rows as CSV', async () => {
    const good = sampleCsv(1, 500).trim();
    await first
      .locator('input[type=file]')
      .setInputFiles([csv('kopf.csv', 'a,b\n'), csv('gemischt.csv', `${good}\n${'cd'.repeat(32)},IBE+kaputt\n`)]);
    const failed = first.getByRole('row').filter({ hasText: 'kopf.csv' });
    await eventually(async () => expect(await failed.innerText()).toMatch(/Kopfzeile/));
    await first.getByRole('button', { name: 'Zeilen von gemischt.csv öffnen' }).click();
    const panel = first.getByRole('complementary', { name: 'Import: gemischt.csv' });
    await panel.getByText('Zeile 3').waitFor();
    expect(await panel.getByRole('listitem').innerText()).toContain('2 statt 5 durch „+“ getrennte Teile');
    const [download] = await Promise.all([
      first.waitForEvent('download'),
      panel.getByRole('button', { name: 'Abgewiesene Zeilen als CSV' }).click(),
    ]);
    const text = await readFile(await download.path(), 'utf8');
    expect(text.split('\r\n')[1]).toMatch(/^3;(cd){32};/);
  });

  it('takes files dropped anywhere, also on the list of cases', async () => {
    await first.getByRole('link', { name: 'Fälle' }).click();
    await first.getByRole('grid').waitFor();
    const transfer = await first.evaluateHandle(
      (content) => {
        const data = new DataTransfer();
        data.items.add(new File([content], 'fallen.csv', { type: 'text/csv' }));
        return data;
      },
      sampleCsv(2, 700),
    );
    await first.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
    await first.getByText('Loslassen, um zu importieren').waitFor();
    await first.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await first.getByText('1 Datei wird importiert.').waitFor();
    await eventually(async () =>
      expect(await second.getByLabel('Summen der gezeigten Fälle').innerText()).toContain('106 ohne Fallnummer'),
    );
  });

  it('R2.4 shows the first rows of a file that is refused because too many are wrong', async () => {
    const wrong = `Vorgangsnummer,Meldebestaetigung\n${'x\n'.repeat(1_500)}`;
    await first.getByRole('link', { name: 'Importe', exact: true }).click();
    await first.locator('input[type=file]').setInputFiles([csv('falsch.csv', wrong)]);
    const row = first.getByRole('row').filter({ hasText: 'falsch.csv' });
    await row.getByText('fehlgeschlagen').waitFor();
    expect(await row.innerText()).toContain('Mehr als 1000 Zeilen der Datei sind ungültig');
    await first.getByRole('button', { name: 'Zeilen von falsch.csv öffnen' }).click();
    const panel = first.getByRole('complementary', { name: 'Import: falsch.csv' });
    await panel.getByText('Zeile 2', { exact: true }).waitFor();
    expect(await panel.getByRole('listitem').count()).toBe(20);
    await panel.getByText('981 weitere solche Zeilen').waitFor();
  });

  it('ends an import that waits or runs, after asking, on every screen; rows that are in stay', async () => {
    await using blocker = await openTransaction(cluster.database.ownerUrl);
    const { vorgangsnummer, ibe } = sampleMeldebestaetigung(30_600);
    const insert = 'insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3)';
    await blocker.query(insert, [cluster.workspace, vorgangsnummer, ibe]);
    await first.locator('input[type=file]').setInputFiles([csv('zuviel.csv', sampleCsv(1_500, 30_000))]);
    await second.getByRole('link', { name: 'Importe' }).click();
    const row = second.getByRole('row').filter({ hasText: 'zuviel.csv' });
    await eventually(async () => expect(await row.innerText()).toMatch(/läuft[^]*\s500\s/));
    await second.getByRole('button', { name: 'Import von zuviel.csv abbrechen' }).click();
    const dialog = second.getByRole('dialog', { name: 'zuviel.csv nicht weiter importieren?' });
    await dialog.getByRole('button', { name: 'Weiter importieren' }).click();
    await dialog.waitFor({ state: 'detached' });
    await second.getByRole('button', { name: 'Import von zuviel.csv abbrechen' }).click();
    // Its batch waits for the other transaction, and whoever cancels for the batch, if it waits just then.
    await dialog.getByRole('button', { name: 'Import abbrechen' }).click();
    await blocker.rollback();
    await dialog.waitFor({ state: 'detached' });
    await eventually(async () => expect(await focusedName(second)).toBe('Zeilen von zuviel.csv öffnen'));
    await eventually(async () => expect(await row.innerText()).toMatch(/abgebrochen\s+(500|1\.000)\s+0\s+0\s+0/));
    const other = first.getByRole('row').filter({ hasText: 'zuviel.csv' });
    await eventually(async () => expect(await other.innerText()).toMatch(/abgebrochen\s+(500|1\.000)/));
    await other.getByRole('button', { name: 'Zeilen von zuviel.csv öffnen' }).click();
    const panel = first.getByRole('complementary', { name: 'Import: zuviel.csv' });
    await panel.getByText('Abgebrochen von Ben Brandt.').waitFor();
    await panel
      .getByText(/^(500|1\.000) von 1\.500 Zeilen wurden übernommen und bleiben\. Die übrigen (1\.000|500) /)
      .waitFor();
    await panel.getByText('Zu den gelesenen Zeilen gibt es keine Hinweise.').waitFor();
    expect(await panel.getByText('Alle Zeilen wurden').count()).toBe(0);
  });

  it('the question whether to cancel goes when the import ends by itself, and the focus stays with its row', async () => {
    await using blocker = await openTransaction(cluster.database.ownerUrl);
    const { vorgangsnummer, ibe } = sampleMeldebestaetigung(40_000);
    const insert = 'insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3)';
    await blocker.query(insert, [cluster.workspace, vorgangsnummer, ibe]);
    await first.locator('input[type=file]').setInputFiles([csv('kurz.csv', sampleCsv(2, 40_000))]);
    await first.getByRole('button', { name: 'Import von kurz.csv abbrechen' }).click();
    const dialog = first.getByRole('dialog', { name: 'kurz.csv nicht weiter importieren?' });
    await dialog.waitFor();
    await blocker.rollback();
    await dialog.waitFor({ state: 'detached' });
    await eventually(async () => expect(await focusedName(first)).toBe('Zeilen von kurz.csv öffnen'));
  });
});
