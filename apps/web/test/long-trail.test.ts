import { addSampleTrail, eventually } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseIn, entriesWith, openTrail, trailOf } from './audit-desk.ts';
import { openDesk } from './desk.ts';
import { paintTime } from './paint-time.ts';

/** A million with 1000000: then how long each act takes is printed. */
const ENTRIES = Number(process.env['TRAIL_ENTRIES'] ?? 6_000);
const TIMEOUT_MS = 1_200_000;

const desk = await openDesk({ nodes: 1, worker: false });
const { cluster, anna, ben, cases } = desk;
const ada = await cluster.addPerson('Ada Admin', { workspace: cluster.workspace, role: 'admin' });

const taken: [act: string, ms: number][] = [];
let page: Page;
let oldest = '';

beforeAll(async () => {
  await cases.add('F-1');
  await addSampleTrail(cluster.sql, { workspace: cluster.workspace, entries: ENTRIES, people: [anna.id, ben.id] });
  const [row] = await cluster.sql(
    `select key from (
       (select 'change:' || id as key, at from changes order by at, id limit 1) union all
       (select 'event:' || id, at from events where workspace_id is not null or kind = 'sign-in' order by at, id limit 1)) first
     order by at, key limit 1`,
  );
  oldest = String(row?.['key']);
  // Sign-ins of members are shown since they are members.
  await cluster.sql(`update members set created_at = now() - interval '2 years'`);
  page = await openTrail(desk, ada);
  await trailOf(page).locator('[data-key]').first().waitFor();
}, TIMEOUT_MS);
afterAll(() => {
  if (process.env['TRAIL_ENTRIES'])
    console.log(taken.map(([act, ms]) => `${act.padEnd(44)} ${ms.toFixed(0).padStart(6)} ms`).join('\n'));
});

/** Whether an entry is drawn where one sees it. Runs in the page. */
const isSeen = (key: string): boolean => {
  const row = document.querySelector(`[data-key="${key}"]`);
  const list = row?.closest('[role=grid]')?.parentElement;
  if (!row || !list) return false;
  const [at, frame] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  return at.top >= frame.top - 1 && at.bottom <= frame.bottom + 1;
};
/** Whether every entry that is drawn says something. Runs in the page. */
const allSay = (text: string): boolean => {
  const rows = [...document.querySelectorAll('[role=row][data-key]')];
  return rows.length > 0 && rows.every(({ textContent }) => textContent?.includes(text));
};
/** Whether the list has no hole where one sees it: a row in the middle of it and at its lower end. Runs in the page. */
const isWhole = (past: number): boolean => {
  const list = document.querySelector('[role=grid]')?.parentElement;
  if (!list || list.scrollTop < past) return false;
  const { left, top, height } = list.getBoundingClientRect();
  return [0.5, 0.95].every((part) => document.elementFromPoint(left + 60, top + height * part)?.closest('[role=row]'));
};

async function take(act: string, run: () => Promise<number>): Promise<void> {
  taken.push([act, await run()]);
}
const scrolledTo = () => trailOf(page).evaluate((grid) => grid.parentElement?.scrollTop ?? 0);
const keysDrawn = () =>
  trailOf(page)
    .locator('[data-key]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-key')));

describe('a long trail', { timeout: TIMEOUT_MS }, () => {
  it('R5.5 End leads to its oldest entry, Page Up to newer ones, Home back to the newest', async () => {
    await page.keyboard.press('ArrowDown');
    const newest = (await keysDrawn())[0] ?? '';
    await take('End', () => paintTime(page, () => page.keyboard.press('End'), { isThere: isSeen, given: oldest }));
    await eventually(async () =>
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-key'))).toBe(oldest),
    );
    await page.getByText('Hier beginnt das Protokoll.').waitFor();

    // Up through some pages of it: nothing is left out, nothing is there twice, and what is seen stays.
    const seen: string[] = [oldest];
    for (let step = 0; step < 40; step++) {
      const from = await scrolledTo();
      // At the upper edge of what is loaded a key leads nowhere until more is.
      await eventually(async () => {
        await page.keyboard.press('PageUp');
        expect(await focusedKey()).not.toBe(seen.at(-1));
      });
      seen.push((await focusedKey()) ?? '');
      await eventually(async () => expect(await scrolledTo()).not.toBe(from));
    }
    expect(new Set(seen).size).toBe(seen.length);
    await take('Home', () => paintTime(page, () => page.keyboard.press('Home'), { isThere: isSeen, given: newest }));
    await eventually(async () => expect(await scrolledTo()).toBe(0));
  });

  it('R5.5 the wheel, the scroll bar and Page Down show rows wherever they lead', async () => {
    await trailOf(page).hover();
    for (let turn = 1; turn <= 10; turn++) {
      const from = await scrolledTo();
      await take('wheel', () =>
        paintTime(page, () => page.mouse.wheel(0, 2_000), { isThere: isWhole, given: from + 1_000 }),
      );
    }
    for (let drag = 1; drag <= 5; drag++) {
      const end = await trailOf(page).evaluate((grid) => grid.parentElement?.scrollHeight ?? 0);
      const begunAt = performance.now();
      await trailOf(page).evaluate((grid) => grid.parentElement?.scrollTo({ top: grid.parentElement.scrollHeight }));
      await page.waitForFunction(
        (height) => (document.querySelector('[role=grid]')?.parentElement?.scrollHeight ?? 0) > height + 1_000,
        end,
      );
      taken.push(['scroll bar to the end of what is loaded', performance.now() - begunAt]);
    }
    await trailOf(page).evaluate((grid) => grid.parentElement?.scrollTo({ top: grid.parentElement.scrollHeight }));
    // By the pointer too there is a way to the end.
    await take('button to the oldest', () =>
      paintTime(page, () => page.getByRole('button', { name: 'Zum ältesten Eintrag' }).click(), {
        isThere: isSeen,
        given: oldest,
      }),
    );
    // A key that is pressed at once is not lost, though the button is gone.
    await page.keyboard.press('Home');
    await eventually(async () => expect(await scrolledTo()).toBe(0));
  });

  it('R5.5 each filter leaves what it names', async () => {
    const clear = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Alle aufheben' }).click();
      await page.getByRole('list', { name: 'Gesetzte Filter' }).waitFor({ state: 'detached' });
      await eventually(async () => expect((await keysDrawn()).length).toBeGreaterThan(20));
    };
    const day = new Date(Date.now() - 180 * 86_400_000);
    const iso = `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
    const words = day.toLocaleDateString('de-DE', { day: 'numeric', month: 'long', year: 'numeric' });
    await chooseIn(page, 'Zeit', async (popover) => {
      await take('time: up to a day half a year ago', () =>
        paintTime(page, () => popover.getByLabel('Bis einschließlich').fill(iso), {
          isThere: (text) =>
            document.querySelector('[role=grid] [role=row]:not([data-key])[data-line]')?.textContent?.includes(text) ??
            false,
          given: words,
        }),
      );
    });
    await clear();
    await chooseIn(page, 'Person', async (popover) => {
      await take('person', () =>
        paintTime(page, () => popover.getByRole('checkbox', { name: 'Anna Albers' }).check(), {
          isThere: allSay,
          given: 'Anna Albers',
        }),
      );
    });
    await clear();
    await chooseIn(page, 'Art', async (popover) => {
      await take('kind', () =>
        paintTime(page, () => popover.getByRole('checkbox', { name: 'Sperren', exact: true }).check(), {
          isThere: allSay,
          given: 'perr',
        }),
      );
    });
    await clear();
    const [sample] = await cluster.sql(
      `select before ->> 'caseId' as id from changes where op = 'delete' order by id offset (select count(*) from changes where op = 'delete') / 2 limit 1`,
    );
    const caseId = String(sample?.['id']);
    await chooseIn(page, 'Fall', async (popover) => {
      await popover.getByLabel('Fallnummer').fill(caseId);
      await take('case', () => paintTime(page, () => page.keyboard.press('Enter'), { isThere: allSay, given: caseId }));
    });
    await clear();
    await take('text that is everywhere', () =>
      paintTime(page, () => page.getByRole('searchbox').fill('rückfrage'), { isThere: allSay, given: 'Rückfrage' }),
    );
    await clear();
    await take('text that is nowhere: first word of it', () =>
      paintTime(page, () => page.getByRole('searchbox').fill('gibt es nicht'), {
        isThere: (text) => new RegExp(text).test(document.querySelector('main')?.textContent ?? ''),
        given: 'Noch nichts gefunden. Durchsucht bis|Kein Eintrag passt',
      }),
    );
    const begunAt = performance.now();
    await page.getByRole('heading', { name: 'Kein Eintrag passt' }).waitFor();
    taken.push(['text that is nowhere: until all is searched', performance.now() - begunAt]);
    await clear();
    if (ENTRIES >= 1_000_000) {
      await take('text that is rare', () =>
        paintTime(page, () => page.getByRole('searchbox').fill('nadelwort'), { isThere: allSay, given: 'Nadelwort' }),
      );
      expect(await entriesWith(page, 'Nadelwort').count()).toBeGreaterThan(0);
    }
  });

  const focusedKey = () => page.evaluate(() => document.activeElement?.getAttribute('data-key') ?? null);
});
