import { API_PREFIX } from '@meldesync/protocol';
import { eventually, sampleOperations } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { openDesk } from './desk.ts';
import { openOperations, troubled } from './operations-page.ts';

const desk = await openDesk({ nodes: 1 });
const { cluster, browser, anna } = desk;
const ada = await cluster.addPerson('Ada Admin', { workspace: cluster.workspace, role: 'admin' });
await cluster.addRecords(2, { caseId: 'F-1' });

const processRow = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });
const levelHeading = (page: Page) => page.getByRole('heading', { name: /^Betriebsstufe/ });

describe('who may see Betrieb', () => {
  it('an editor sees no entry and no key for it, and a direct link says whose it is without asking', async () => {
    const page = await browser.open(cluster, anna);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole('navigation').getByRole('link', { name: 'Importe' }).waitFor();
    expect(await page.getByRole('link', { name: 'Betrieb' }).count()).toBe(0);
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Zu den Importen').waitFor();
    expect(await page.getByRole('dialog').getByText('Zum Betrieb').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.goto(`${cluster.url()}/w/${cluster.workspace}/operations`);
    await page.getByRole('heading', { name: 'Der Betrieb ist der Verwaltung vorbehalten' }).waitFor();
    expect(asked).not.toContain(`${API_PREFIX}/operations`);
    expect(await findBarriers(page)).toEqual([]);
    await page.context().close();
  });

  it('an admin gets there by key, and the list has loaded no chart before', async () => {
    const page = await browser.open(cluster, ada);
    const files: string[] = [];
    page.on('request', (request) => files.push(request.url()));
    await page.reload();
    await page.getByRole('grid').waitFor();
    await page.waitForLoadState('networkidle');
    expect(files.filter((file) => /line-chart|operations/.test(file))).toEqual([]);
    await page.route(`**${API_PREFIX}/operations`, (route) => route.fulfill({ json: sampleOperations(new Date()) }));
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await page.getByRole('heading', { name: 'Betrieb', exact: true }).waitFor();
    await page.locator('canvas').first().waitFor();
    await page.context().close();
  });

  it('who is an admin no longer is told so, and is not asked for again', async () => {
    const { page, answer, asked } = await openOperations(desk, ada, {});
    await levelHeading(page).waitFor();
    answer('forbidden');
    await page.getByRole('heading', { name: 'Der Betrieb ist der Verwaltung vorbehalten' }).waitFor();
    const before = asked();
    // Two questions would have been due.
    await page.waitForTimeout(4_500);
    expect(asked()).toBe(before);
    await page.context().close();
  });
});

describe('what it shows', () => {
  it('level with reasons, figures, each chart as a table too, processes with what they lack in words', async () => {
    const { page } = await openOperations(desk, ada, troubled());
    await page.getByText(/^Zeit bis zu den Bildschirmen: 412 ms, Grenze 250 ms$/).waitFor();
    // A little after midnight it says the day too.
    expect(await levelHeading(page).innerText()).toMatch(/Minimal\s+seit .*\d\d:\d\d · nach Messwerten/);
    expect(await page.getByText('39 sofort').count()).toBe(1);
    expect(await page.getByText('2 fehlgeschlagen').count()).toBe(1);
    expect(await processRow(page, 'node-2').innerText()).toMatch(
      /nicht benutzbar\s+Postgres antwortet nicht · hört seit 12 s nichts Neues/,
    );
    expect(await processRow(page, 'worker-1').innerText()).toMatch(/meldet sich nicht\s+zuletzt vor \d+ s/);
    expect(await processRow(page, 'relay-2').innerText()).toMatch(/Relay · steht bereit/);
    const charts = page.getByRole('figure');
    expect(await charts.count()).toBe(5);
    await page.locator('canvas').nth(4).waitFor();
    for (const chart of await charts.all()) {
      await chart.locator('summary').click();
      expect(await chart.getByRole('table').getByRole('row').count()).toBeGreaterThan(14);
    }
    expect(await findBarriers(page)).toEqual([]);
    await page.context().close();
  });

  it('certificates: when each is over, by all nodes together, and what to do when that is soon', async () => {
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000 + 60_000).toISOString();
    const withEnds = (...ends: (string | null)[]) => ({
      processes: sampleOperations(new Date()).processes.map((process, index) => ({
        ...process,
        ...(index < ends.length ? { certificates: [{ source: 'served' as const, endsAt: ends[index] ?? null }] } : {}),
      })),
    });
    const { page, answer } = await openOperations(desk, ada, withEnds(inDays(89), inDays(90)));
    const note = page.getByText(/^Zertifikat dieser Adresse/);
    expect(await note.innerText()).toMatch(/: gültig bis \d\d\.\d\d\.\d\d, noch 89 Tage\.$/);
    for (const [ends, says] of [
      [[null, inDays(20)], /: nur noch bis .* gültig, 20 Tage\. Erneuern Sie es\.$/],
      [[inDays(90), inDays(5)], /: läuft am .* ab, in 5 Tagen\. Danach lassen Browser niemanden mehr herein\./],
      [[inDays(-2)], /: seit .* abgelaufen\. Browser lassen niemanden mehr herein\./],
      [[null, null], /: kein Knoten kann sehen, bis wann es gilt\./],
    ] as const) {
      answer(withEnds(...ends));
      await note.filter({ hasText: says }).waitFor();
      expect(await findBarriers(page)).toEqual([]);
    }
    answer({});
    await note.waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('news come by themselves, and nothing changes its place', async () => {
    const { page, answer } = await openOperations(desk, ada, {});
    const row = processRow(page, 'node-1');
    await row.getByText('182,4 MB').waitFor();
    await page.locator('canvas').nth(4).waitFor();
    const before = await row.boundingBox();
    const sample = sampleOperations(new Date());
    answer({
      processes: sample.processes
        .map((process) => (process.name === 'node-1' ? { ...process, memoryBytes: 1_282_400_000 } : process))
        .toReversed(),
      queue: { waiting: 41_000, active: 12, delayed: 3_000, failed: 2 },
    });
    await row.getByText('1,3 GB').waitFor();
    expect(await row.boundingBox()).toEqual(before);
    await page.context().close();
  });

  it('scrolls below the header, and never takes that along', async () => {
    const { page } = await openOperations(desk, ada, {}, { viewport: { width: 1280, height: 700 } });
    await page.locator('canvas').nth(4).waitFor();
    await page.getByRole('heading', { name: 'Sperren' }).scrollIntoViewIfNeeded();
    expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBe(0);
    await page.context().close();
  });

  it('nobody is asked while the page is hidden, and at once when it is seen again', async () => {
    const { page, asked } = await openOperations(desk, ada, {});
    await levelHeading(page).waitFor();
    const setVisibility = (state: string) =>
      page.evaluate((now) => {
        Object.defineProperty(document, 'visibilityState', { value: now, configurable: true });
        window.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await setVisibility('hidden');
    const before = asked();
    await page.waitForTimeout(5_000);
    // One may have been under way.
    expect(asked() - before).toBeLessThanOrEqual(1);
    const hidden = asked();
    await setVisibility('visible');
    await eventually(() => expect(asked()).toBeGreaterThan(hidden));
    await page.context().close();
  });

  it('no news: it says how old they are, keeps them, and is current again by itself', async () => {
    const { page, answer } = await openOperations(desk, ada, {});
    await page.getByText(/^Stand \d\d:\d\d:\d\d$/).waitFor();
    answer('away');
    await page
      .getByText(/^Keine Neuigkeiten seit \d+ s\. Was Sie sehen, ist von \d\d:\d\d:\d\d\./)
      .first()
      .waitFor();
    await processRow(page, 'node-1').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    answer({});
    await page.getByText(/^Stand \d\d:\d\d:\d\d$/).waitFor();
    await page.context().close();
  });

  it('no first answer: it says so, and goes on asking', async () => {
    const { page, answer } = await openOperations(desk, ada, 'internal');
    await page.getByRole('heading', { name: 'Der Betrieb lässt sich nicht anzeigen' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    answer({});
    await levelHeading(page).waitFor();
    await page.context().close();
  });
});

describe('what can be done', () => {
  it('the level is set by a dialog that says what it means; what is refused is said', async () => {
    const { page, answer } = await openOperations(desk, ada, {});
    const wanted: unknown[] = [];
    let status = 204;
    await page.route(`**${API_PREFIX}/operations/level`, (route) => {
      wanted.push(route.request().method(), route.request().postDataJSON());
      return status === 204
        ? route.fulfill({ status })
        : route.fulfill({ status, contentType: 'application/problem+json', json: {} });
    });
    const change = page.getByRole('button', { name: 'Stufe festlegen …' });
    const dialog = page.getByRole('dialog', { name: 'Betriebsstufe festlegen' });
    await change.click();
    expect(await dialog.getByRole('radio', { name: /^Automatisch/ }).isChecked()).toBe(true);
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await eventually(async () => expect(await change.evaluate((it) => it === document.activeElement)).toBe(true));
    expect(wanted).toEqual([]);

    await page.keyboard.press('Enter');
    await dialog.getByRole('radio', { name: /^Minimal/ }).check();
    answer({ level: { ...sampleOperations(new Date()).level, name: 'minimal', chosenBy: 'person' } });
    await dialog.getByRole('button', { name: 'Festlegen' }).click();
    await page.getByText('Die Betriebsstufe ist festgelegt: Minimal.').waitFor();
    expect(wanted).toEqual(['PUT', { level: 'minimal' }]);
    expect(await levelHeading(page).innerText()).toMatch(/Minimal.*von Hand festgelegt/);

    status = 403;
    await change.click();
    expect(await dialog.getByRole('radio', { name: /^Minimal/ }).isChecked()).toBe(true);
    await dialog.getByRole('button', { name: 'Festlegen' }).click();
    await page.getByText('Die Stufe ließ sich nicht festlegen').waitFor();
    await page.context().close();
  });

  it('R1.4 a lock is taken away from here; its case is named, and its dialog stays though the lock is gone', async () => {
    const [record = 0] = await cluster.addRecords(1, { first: 900, caseId: 'F-900' });
    const client = cluster.client(anna);
    client.start();
    await eventually(() => expect(client.store.get(record)).toBeDefined());
    const asking = await client.lock([record]);
    if (asking.outcome !== 'granted') throw new Error('the lock was not granted');
    const lock = {
      lock: asking.lock.lock,
      workspace: cluster.workspace,
      records: [record],
      user: anna.id,
      since: new Date().toISOString(),
    };
    const { page, answer } = await openOperations(desk, ada, { locks: [lock] });
    const row = page.getByRole('row').filter({ hasText: 'Fall F-900' });
    await row.getByText('Anna Albers').waitFor();
    await row.getByRole('button').click();
    const dialog = page.getByRole('dialog', { name: 'Sperre aufheben: Fall F-900' });
    await dialog.waitFor();
    expect(await findBarriers(page)).toEqual([]);
    answer({ locks: [] });
    await row.waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: 'Sperre aufheben' }).click();
    await page.getByText('Fall F-900: Die Sperre ist aufgehoben.').waitFor();
    expect(await cluster.api(ada).locks(cluster.workspace)).toEqual([]);
    await eventually(async () =>
      expect(await page.getByRole('heading', { name: 'Sperren' }).evaluate((it) => it === document.activeElement)).toBe(
        true,
      ),
    );
    client.stop();
    await page.context().close();
  });
});

describe.each([
  ['German, light', { locale: 'de-DE', colorScheme: 'light' }],
  ['English, dark', { locale: 'en-GB', colorScheme: 'dark' }],
  // At four times the size.
  ['German, narrow', { locale: 'de-DE', colorScheme: 'dark', viewport: { width: 320, height: 512 } }],
] as const)('%s', (_name, options) => {
  it.each([
    ['well', {}],
    ['in trouble', troubled()],
  ])('axe finds nothing: %s', async (_state, first) => {
    const { page } = await openOperations(desk, ada, first, options);
    await page.locator('canvas').first().waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.context().close();
  });
});
