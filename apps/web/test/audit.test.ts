import { readFile } from 'node:fs/promises';
import { API_PREFIX } from '@meldesync/protocol';
import { eventually } from '@meldesync/testkit';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { alterTrail, anyEntry, chooseIn, entriesWith, openTrail, trailOf } from './audit-desk.ts';
import { findBarriers } from './axe.ts';
import { openDesk } from './desk.ts';

const desk = await openDesk({ nodes: 1 });
const { cluster, browser, anna, ben, cases } = desk;
const ada = await cluster.addPerson('Ada Admin', { workspace: cluster.workspace, role: 'admin' });
const olga = await cluster.addPerson('Olga Ostermann', { workspace: cluster.workspace, role: 'auditor' });
await cases.add('F-1', 'F-2');
await cases.editAs(anna, 'F-1', { note: 'Rückfrage am Montag' });
await cases.editAs(ben, 'F-1', { note: 'Rückfrage am Dienstag' });
await cases.editAs(ben, 'F-2', { done: true });

describe('who may see Protokoll', () => {
  it('R5.5 an editor sees no entry and no key for it, and a direct link says whose it is without asking', async () => {
    const page = await browser.open(cluster, anna);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole('navigation').getByRole('link', { name: 'Importe' }).waitFor();
    expect(await page.getByRole('link', { name: 'Protokoll' }).count()).toBe(0);
    await page.goto(`${cluster.url()}/w/${cluster.workspace}/audit`);
    await page.getByRole('heading', { name: 'Das Protokoll ist Prüfenden vorbehalten' }).waitFor();
    expect(asked.filter((path) => path.startsWith(`${API_PREFIX}/workspaces`) && path.includes('/audit/'))).toEqual([]);
    expect(await findBarriers(page)).toEqual([]);
    await page.context().close();
  });

  it('R5.5 an auditor gets there by key; that they read it is in it, once', async () => {
    const page = await browser.open(cluster, olga);
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await entriesWith(page, 'Protokoll gelesen').first().waitFor();
    expect(await entriesWith(page, 'Protokoll gelesen').count()).toBe(1);
    await page.context().close();
  });

  it('who is an auditor no longer is told so', async () => {
    let isForbidden = false;
    const page = await openTrail(desk, ada, {
      before: (opened) => alterTrail(opened, (answer) => (isForbidden ? 'forbidden' : answer)),
    });
    await anyEntry(page).waitFor();
    isForbidden = true;
    await page.getByRole('heading', { name: 'Das Protokoll ist Prüfenden vorbehalten' }).waitFor();
    await page.context().close();
  });
});

describe('the list', () => {
  it('R5.1 says who, what, when, from where and in which case; keys walk, open and close', async () => {
    const page = await openTrail(desk, ada);
    const changed = entriesWith(page, 'Rückfrage am Dienstag').first();
    await changed.waitFor();
    expect(await changed.innerText()).toMatch(
      /^\d\d:\d\d:\d\d\s+B\w?\s+Ben Brandt\s+Meldebestätigung geändert\s+Notiz: Rückfrage am Montag → Rückfrage am Dienstag\s+F-1\s+/,
    );
    expect(await trailOf(page).getByText('Heute').count()).toBe(1);

    await page.keyboard.press('ArrowDown');
    const rows = trailOf(page).locator('[role=row][data-key]');
    await eventually(async () => expect(await isFocused(rows.first())).toBe(true));
    await page.keyboard.press('End');
    await entriesWith(page, 'Meldebestätigung angelegt').last().waitFor();
    await page.keyboard.press('Home');
    await eventually(async () => expect(await isFocused(rows.first())).toBe(true));

    const focused = trailOf(page).locator('[role=row]:focus');
    for (let steps = 0; steps < 60 && !(await focused.innerText()).includes('Rückfrage am Dienstag'); steps++)
      await page.keyboard.press('ArrowDown');
    await eventually(async () => expect(await isFocused(changed)).toBe(true));
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: 'Eintrag: Meldebestätigung geändert' });
    await eventually(async () => expect(await isFocused(panel.getByRole('heading', { level: 2 }))).toBe(true));
    expect(await panel.locator('del').allInnerTexts()).toEqual(['Montag']);
    expect(await panel.locator('ins').allInnerTexts()).toEqual(['Dienstag']);
    await panel.getByText('Noch nicht versiegelt').or(panel.getByText('Versiegelt')).first().waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await eventually(async () => expect(await isFocused(changed)).toBe(true));

    await changed.click();
    await panel.waitFor();
    await panel.getByRole('button', { name: 'Fall öffnen' }).click();
    await page.getByRole('complementary', { name: 'Einzelheiten: Fall F-1' }).waitFor();
    await page.context().close();
  });

  it('R5.1 what comes meanwhile goes in at the top; while somebody points into the list it waits and moves nothing', async () => {
    const page = await openTrail(desk, ada);
    await page.getByRole('searchbox').hover();
    await anyEntry(page).waitFor();
    await cases.editAs(anna, 'F-2', { note: 'von selbst da' });
    const known = entriesWith(page, 'von selbst da').first();
    await known.waitFor();

    await known.hover();
    const before = await known.boundingBox();
    await cases.editAs(anna, 'F-2', { note: 'hinter dem Knopf' });
    // Connections come and go meanwhile, and are entries as well.
    const pill = page.getByRole('button', { name: /^\d+ neue Einträge – anzeigen$/ });
    await pill.waitFor();
    expect(await known.boundingBox()).toEqual(before);
    expect(await entriesWith(page, 'hinter dem Knopf').count()).toBe(0);
    await page.getByText(/^\d+ neue Einträge$/).waitFor({ state: 'attached' });
    // What an editor's two records bring may come after an entry of something else.
    await eventually(async () => expect(Number.parseInt(await pill.innerText(), 10)).toBeGreaterThanOrEqual(2));
    await pill.click();
    await eventually(async () => expect(await entriesWith(page, 'hinter dem Knopf').count()).toBe(2));
    await pill.waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('says when nothing can be heard, and begins anew where it cannot be followed', async () => {
    let way: 'all' | 'away' | 'flood' = 'all';
    const page = await openTrail(desk, ada, {
      before: (opened) =>
        alterTrail(opened, (answer, { since }) => {
          if (since === undefined || way === 'all') return answer;
          return way === 'away' ? 'away' : { ...answer, next: answer.newest };
        }),
    });
    await anyEntry(page).waitFor();
    way = 'away';
    await page
      .getByText(/^Keine Neuigkeiten seit \d\d:\d\d:\d\d/)
      .first()
      .waitFor();
    expect(await findBarriers(page)).toEqual([]);
    // The next try comes by itself as well, and takes the button away.
    await page.getByRole('button', { name: 'Jetzt versuchen' }).click();
    way = 'flood';
    await page.getByRole('button', { name: 'Viel Neues – neu laden' }).click();
    way = 'all';
    await anyEntry(page).waitFor();
    await page.context().close();
  });

  it('R4.3 goes on beside a node of the release before, which does not know what is asked of seals', async () => {
    let refused = 0;
    const page = await openTrail(desk, ada, {
      before: (opened) =>
        alterTrail(opened, (answer, { since, unsealed }) => {
          if (unsealed !== undefined) refused += 1;
          const entries = answer.entries.map((entry) => ({ ...entry, seal: since === undefined ? null : entry.seal }));
          return unsealed === undefined ? { ...answer, entries } : 'invalid-field';
        }),
    });
    await anyEntry(page).waitFor();
    await page.getByRole('searchbox').hover();
    await cases.editAs(anna, 'F-2', { note: 'auch von dort' });
    await entriesWith(page, 'auch von dort').first().waitFor();
    expect(refused).toBe(1);
    await page.context().close();
  });

  it('older entries come as one scrolls, and what does not come can be asked for again', async () => {
    let isAway = true;
    const page = await openTrail(desk, ada, {
      before: (opened) =>
        alterTrail(opened, (answer, { since, before }) => {
          if (since !== undefined) return answer;
          if (before !== undefined && isAway) return 'away';
          // As if a page held five.
          return before === undefined
            ? { ...answer, entries: answer.entries.slice(0, 5), next: answer.newest }
            : answer;
        }),
    });
    await page.getByText('Ältere Einträge lassen sich gerade nicht laden.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    isAway = false;
    await page.context().close();
  });

  it('says what keeps it from being shown, and tries again', async () => {
    let isAway = true;
    const page = await openTrail(desk, ada, {
      before: (opened) => alterTrail(opened, (answer) => (isAway ? 'away' : answer)),
    });
    await page.getByRole('heading', { name: 'Das Protokoll lässt sich gerade nicht laden' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    isAway = false;
    await page.getByRole('button', { name: 'Erneut versuchen' }).click();
    await anyEntry(page).waitFor();
    await page.context().close();
  });

  it('R5.5 says in words what is sealed, what is not yet, and what was erased', async () => {
    let isSealed = false;
    const page = await openTrail(desk, ada, {
      before: (opened) =>
        alterTrail(opened, (answer, { unsealed = [] }) => ({
          ...answer,
          entries: answer.entries.map((entry, index) => ({
            ...entry,
            seal: index === 0 ? null : 41,
            ...(index === 2 ? { isErased: true, before: null, after: null } : {}),
          })),
          seals: isSealed ? unsealed.map((key) => ({ key, seal: 42 })) : [],
        })),
    });
    const rows = trailOf(page).locator('[role=row][data-key]');
    await rows.nth(2).waitFor();
    for (const [place, word, says] of [
      [0, 'noch nicht', 'Noch nicht versiegelt'],
      [1, 'versiegelt', 'Siegel Nr. 41.'],
      [2, 'gelöscht', 'Der Inhalt wurde auf Antrag gelöscht.'],
    ] as const) {
      expect(await rows.nth(place).innerText()).toContain(word);
      await rows.nth(place).click();
      await page.getByRole('complementary').getByText(says).waitFor();
      expect(await findBarriers(page)).toEqual([]);
    }
    // That it is sealed is heard without a reload, by the open panel too.
    await rows.first().click();
    isSealed = true;
    await page.getByRole('complementary').getByText('Siegel Nr. 42.').waitFor();
    await trailOf(page).getByText('noch nicht').waitFor({ state: 'detached' });
    await page.context().close();
  });
});

describe('filters', () => {
  it('R5.5 by person, kind, time, case and text; case and text are in no address', async () => {
    const page = await openTrail(desk, ada);
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await anyEntry(page).waitFor();
    await chooseIn(page, 'Zeit', (popover) => popover.getByRole('radio', { name: 'Heute' }).check());
    await chooseIn(page, 'Person', (popover) => popover.getByRole('checkbox', { name: 'Ben Brandt' }).check());
    await chooseIn(page, 'Art', async (popover) => {
      await popover.getByRole('button', { name: 'Arten von Meldebestätigungen' }).click();
      await popover.getByRole('checkbox', { name: 'Meldebestätigung geändert' }).check();
    });
    const rows = trailOf(page).locator('[role=row][data-key]');
    await eventually(async () => {
      const texts = await rows.allInnerTexts();
      expect(texts.length).toBeGreaterThan(0);
      expect(texts.filter((text) => !/Ben Brandt[^]*geändert/.test(text))).toEqual([]);
    });
    expect(await rows.count()).toBe(4);
    await chooseIn(page, 'Fall', async (popover) => {
      await popover.getByLabel('Fallnummer').fill('F-1');
      await page.keyboard.press('Enter');
    });
    await eventually(async () => expect(await rows.count()).toBe(2));
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox').fill('dienstag');
    await page.getByRole('button', { name: 'Filter aufheben: „dienstag“' }).waitFor();
    await eventually(async () => expect(await rows.count()).toBe(2));
    await page.getByRole('searchbox').fill('gibt es nicht');
    await page.getByRole('heading', { name: 'Kein Eintrag passt' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    expect(
      [...addresses, page.url()].filter((address) => /F-1|dienstag|gibt/.test(decodeURIComponent(address))),
    ).toEqual([]);
    expect(new URL(page.url()).searchParams.get('range')).toBe('today');

    await page.getByRole('button', { name: 'Filter aufheben: „gibt es nicht“' }).click();
    await eventually(async () => expect(await rows.count()).toBe(2));
    const chips = page.getByRole('list', { name: 'Gesetzte Filter' }).getByRole('button');
    expect(await chips.allInnerTexts()).toEqual([
      'Heute',
      'Meldebestätigung geändert',
      'Ben Brandt',
      'Fall F-1',
      'Alle aufheben',
    ]);
    await page.getByRole('button', { name: 'Alle aufheben' }).click();
    await chips.first().waitFor({ state: 'detached' });
    await eventually(async () => expect(await isFocused(page.getByRole('searchbox'))).toBe(true));
    await page.context().close();
  });

  it('what an entry is about narrows the list, and a record leads here from its case', async () => {
    const page = await browser.open(cluster, ada);
    await page.getByRole('row').filter({ hasText: 'F-2' }).getByText('F-2').click();
    await page.keyboard.press('Enter');
    await page.getByRole('complementary').getByRole('link', { name: 'Im Protokoll ansehen' }).click();
    await entriesWith(page, 'Erledigt: nein → ja').first().waitFor();
    expect(await entriesWith(page, 'F-1').count()).toBe(0);
    await entriesWith(page, 'Erledigt: nein → ja').first().click();
    await page.getByRole('complementary').getByRole('button', { name: 'Ben Brandt' }).click();
    await page.getByRole('button', { name: 'Filter aufheben: Ben Brandt' }).waitFor();
    await page.context().close();
  });
});

describe('export', () => {
  it('R5.5 saves what the filters show, and is itself on record', async () => {
    const page = await openTrail(desk, ada);
    await page.getByRole('searchbox').fill('Dienstag');
    await eventually(async () => expect(await entriesWith(page, 'Montag').count()).toBe(2));
    await page.getByRole('button', { name: 'Exportieren' }).click();
    expect(await findBarriers(page)).toEqual([]);
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /^CSV/ }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^protokoll-testklinik-\d{4}-\d\d-\d\d\.csv$/);
    const text = await readFile(await file.path(), 'utf8');
    expect(text.match(/Rückfrage am Dienstag/g)?.length).toBe(2);
    expect(text).not.toContain('von selbst da');
    await page.getByRole('searchbox').fill('');
    await entriesWith(page, 'Protokoll exportiert').first().waitFor();
    await page.context().close();
  });

  it('that breaks off is not saved, and says so', async () => {
    const page = await openTrail(desk, ada);
    await anyEntry(page).waitFor();
    await page.route('**/audit/export', async (route) => {
      const response = await route.fetch();
      const whole = await response.text();
      await route.fulfill({ response, body: whole.replace(/export-complete[^]*$/, 'export-cut-off') });
    });
    let saved = 0;
    page.on('download', () => saved++);
    await page.getByRole('button', { name: 'Exportieren' }).click();
    await page.getByRole('menuitem', { name: /^CSV/ }).click();
    await page.getByText('Der Export ist nicht vollständig').waitFor();
    expect(saved).toBe(0);
    await page.context().close();
  });
});

describe('conflicts', () => {
  it('R5.2 an auditor sees what each wanted and how it ended', async () => {
    const [record] = await cluster.sql(`select id from records where case_id = 'F-1' order by id`);
    const edit = { record: Number(record?.['id']), baseVersion: 1, set: { note: 'aus der Vergangenheit' } };
    await cluster.api(anna).edit(cluster.workspace, { operation: 'of-the-past', items: [edit] });
    const { conflicts } = await cluster.api(anna).conflicts(cluster.workspace, {});
    const page = await openTrail(desk, olga, { search: '?view=conflicts' });
    const story = page.getByRole('listitem').filter({ hasText: 'aus der Vergangenheit' });
    await story.getByText('Noch nicht entschieden').waitFor();
    // Once the records are there.
    await story.getByText('Fall F-1').waitFor();
    expect(await story.innerText()).toMatch(
      /Fall F-1[^]*Anna Albers[^]*Vorgefunden, von Ben Brandt\s+Rückfrage am Dienstag/,
    );
    expect(await findBarriers(page)).toEqual([]);
    await cluster
      .api(anna)
      .resolveConflict(cluster.workspace, conflicts[0]?.conflict ?? '', { resolution: 'kept-theirs' });
    await page.getByRole('button', { name: 'Offene' }).click();
    await page.getByRole('heading', { name: 'Kein Konflikt ist offen' }).waitFor();
    await page.getByRole('button', { name: 'Alle', exact: true }).click();
    await story.getByText('Es blieb, was andere gespeichert hatten.').waitFor();
    await page.context().close();
  });
});

/** Whether the focus is on it. */
function isFocused(element: Locator): Promise<boolean> {
  return element.evaluate((one) => one === document.activeElement);
}
