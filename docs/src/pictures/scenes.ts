import { sampleCsv } from '@meldesync/testkit';
import type { Locator, Page, WebSocketRoute } from 'playwright-core';
import type { Stage } from './stage.ts';

/** Plays a scene and takes its picture, as PNG. */
type Scene = (stage: Stage) => Promise<Buffer>;

/** So many edits make a curve. */
const EDITS = 30;

/** What surrounds a part that is shown by itself, in CSS pixels. */
const MARGIN = 16;

/** A page tries for a while before it says that it cannot be live. */
const PATIENCE_MS = 180_000;

/** The pictures by their names, in the order in which they are taken: what one changes, the next ones show. */
export const SCENES: Readonly<Record<string, Scene>> = {
  anmelden: async ({ cluster, window }) => {
    const page = await window();
    await page.goto(`${cluster.url()}/sign-in`);
    await page.getByRole('button', { name: 'Anmelden', exact: true }).waitFor();
    return shot(page);
  },

  liste: async (stage) => {
    const mine = await stage.open(stage.me);
    const theirs = await stage.open(stage.colleague);
    await theirs.getByRole('searchbox').fill('F-10207');
    await editNote(theirs, 'F-10207');
    await rowOf(mine, 'F-10207')
      .getByText(/^0:0\d$/)
      .waitFor();
    await writeNote(mine, 'F-10203', 'Rückfrage beim GRZ');
    await change(stage, 'F-10205', { note: 'Kostenträger geklärt' });
    await rowOf(mine, 'F-10205').getByText('Kostenträger').waitFor();
    const picture = await shot(mine);
    await theirs.keyboard.press('Escape');
    await leave(mine, theirs);
    return picture;
  },

  fall: async (stage) => {
    const page = await stage.open(stage.me);
    await openPanel(page, 'F-10203');
    return closing(page, await shot(page));
  },

  bearbeiten: async (stage) => {
    const page = await stage.open(stage.me);
    await editNote(page, 'F-10204');
    await page.keyboard.insertText('C nachgefordert');
    return closing(page, await around(page, [rowOf(page, 'F-10202'), rowOf(page, 'F-10206')]));
  },

  sperre: async (stage) => {
    const mine = await stage.open(stage.me);
    const theirs = await stage.open(stage.colleague);
    await theirs.getByRole('searchbox').fill('F-10206');
    await editNote(theirs, 'F-10206');
    await rowOf(mine, 'F-10206')
      .getByText(/^0:0\d$/)
      .waitFor();
    await openPanel(mine, 'F-10206');
    await mine.getByRole('button', { name: 'Bescheid geben, wenn frei' }).first().waitFor();
    const picture = await shot(mine);
    await theirs.keyboard.press('Escape');
    await leave(mine, theirs);
    return picture;
  },

  konflikt: async (stage) => {
    await change(stage, 'F-10210', { note: 'Rückfrage am Montag' });
    const page = await stage.open(stage.me);
    await rowOf(page, 'F-10210').getByText('Rückfrage').waitFor();
    // The colleague saves while this page hears nothing, as on a poor line.
    await page.context().setOffline(true);
    await change(stage, 'F-10210', { note: 'Rückfrage am Dienstag' });
    await writeNote(page, 'F-10210', 'Rückfrage am Montag, dringend');
    await page.context().setOffline(false);
    const dialog = page.getByRole('dialog', { name: /^Jemand war schneller/ });
    await dialog.waitFor();
    const picture = await around(page, [dialog]);
    await dialog.getByRole('radio', { name: /ihre übernehmen/ }).check();
    await dialog.getByRole('button', { name: 'Auswahl anwenden' }).click();
    await dialog.waitFor({ state: 'hidden' });
    return closing(page, picture);
  },

  offline: async (stage) => {
    const page = await stage.open(stage.me);
    await page.context().setOffline(true);
    await page
      .getByRole('banner')
      .getByRole('button', { name: /offline/ })
      .waitFor();
    await writeNote(page, 'F-10211', 'Histologie liegt vor');
    await writeNote(page, 'F-10212', 'mit Labor geklärt');
    await page.getByText(/^Offline\. Ihre 2 Änderungen/).waitFor();
    return closing(page, await top(page, 'F-10213'));
  },

  manuell: async (stage) => {
    const page = await stage.window();
    const line = await Line.of(page);
    await page.context().addCookies([{ ...(await stage.cluster.openSession(stage.me)), url: stage.cluster.url() }]);
    await page.goto(stage.cluster.url());
    await page.getByRole('banner').getByRole('button', { name: /live/ }).waitFor();
    await line.cut();
    await page
      .getByRole('banner')
      .getByRole('button', { name: /manuell/ })
      .waitFor({ timeout: PATIENCE_MS });
    return closing(page, await top(page, 'F-10206'));
  },

  importe: async (stage) => {
    const page = await stage.open(stage.me);
    await page.getByRole('link', { name: 'Importe' }).click();
    const files = [
      csv('Meldebestaetigung_Juli_1.csv', sampleCsv(120, 500)),
      csv('Meldebestaetigung_Juli_2.csv', sampleCsv(80, 700)),
      csv('Meldebestaetigung_Juli_3.csv', `${sampleCsv(12, 900)}kein-gültiger-Vorgang,IBE+ABC\n`),
    ];
    await page.locator('input[type=file]').setInputFiles(files);
    for (const { name } of files) await page.getByRole('row').filter({ hasText: name }).getByText('fertig').waitFor();
    await page.getByRole('button', { name: 'Zeilen von Meldebestaetigung_Juli_3.csv öffnen' }).click();
    await page
      .getByText(/^Zeile \d+/)
      .first()
      .waitFor();
    return closing(page, await shot(page));
  },

  erledigt: async (stage) => {
    const page = await stage.open(stage.me);
    await page.getByRole('searchbox').fill('F-102');
    for (const caseId of ['F-10201', 'F-10202', 'F-10203']) {
      await rowOf(page, caseId)
        .getByRole('checkbox', { name: /auswählen$/ })
        .check();
    }
    const picture = await shot(page);
    await page.getByRole('button', { name: 'Als erledigt markieren' }).click();
    await page.getByText('3 Fälle erledigt').first().waitFor();
    return closing(page, picture);
  },

  verlauf: async (stage) => {
    const page = await stage.open(stage.me);
    await openPanel(page, 'F-10210');
    await page.getByRole('complementary').getByRole('heading', { name: 'Konflikte' }).scrollIntoViewIfNeeded();
    return closing(page, await shot(page));
  },

  protokoll: async (stage) => {
    const page = await stage.open(stage.admin);
    await page.getByRole('link', { name: 'Protokoll' }).click();
    await page.getByRole('row').filter({ hasText: 'Notiz:' }).first().click();
    await page.getByRole('complementary').waitFor();
    return closing(page, await shot(page));
  },

  konto: async (stage) => {
    const page = await stage.open(stage.me);
    await account(page, stage);
    return closing(page, await shot(page));
  },

  einmalcodes: async (stage) => {
    const page = await stage.open(stage.me);
    await account(page, stage);
    await page.getByRole('button', { name: 'Einrichten' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Jetziges Passwort').fill(stage.me.password);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: /QR-Code/ }).waitFor();
    return closing(page, await around(page, [dialog]));
  },

  tastatur: async (stage) => {
    const page = await stage.open(stage.me);
    await page
      .getByRole('banner')
      .getByRole('button', { name: /^Konto/ })
      .click();
    await page.getByRole('menuitem', { name: 'Tastatur' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    return closing(page, await around(page, [dialog]));
  },

  einladen: async (stage) => {
    const page = await stage.open(stage.admin);
    await page.getByRole('link', { name: 'Verwaltung' }).click();
    await page.getByRole('button', { name: 'Einladen' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-Mail-Adresse').fill('neu@klinik.example');
    return closing(page, await shot(page));
  },

  betrieb: async (stage) => {
    const page = await stage.open(stage.admin);
    await page.getByRole('link', { name: 'Betrieb' }).click();
    await page.getByText('Alles läuft in vollem Umfang.').waitFor();
    // Something to be seen: a colleague at work, and whoever looks on.
    const mine = await stage.open(stage.me);
    for (let count = 0; count < EDITS; count++) {
      await change(stage, 'F-10214', { note: `Rückfrage ${count + 1}` });
      await rowOf(mine, 'F-10214')
        .getByText(`Rückfrage ${count + 1}`, { exact: true })
        .waitFor();
    }
    await page.getByText('Das Diagramm wird geladen …').first().waitFor({ state: 'detached' });
    await page.getByText('Noch keine Messwerte.').first().waitFor({ state: 'detached', timeout: PATIENCE_MS });
    await leave(mine);
    return closing(page, await shot(page));
  },
};

/** The WebSocket of a page, which a scene can cut while HTTP goes on. */
class Line {
  readonly #open = new Set<WebSocketRoute>();
  #isCut = false;

  static async of(page: Page): Promise<Line> {
    const line = new Line();
    await page.routeWebSocket('**/sync', (route) => line.#connect(route));
    return line;
  }

  async cut(): Promise<void> {
    this.#isCut = true;
    for (const route of this.#open) await route.close({ code: 1011 });
  }

  async #connect(route: WebSocketRoute): Promise<void> {
    if (this.#isCut) return route.close({ code: 1011 });
    route.connectToServer();
    this.#open.add(route);
  }
}

function rowOf(page: Page, caseId: string): Locator {
  return page.locator('[role=row][data-line]').filter({ hasText: caseId });
}

async function editNote(page: Page, caseId: string): Promise<void> {
  await rowOf(page, caseId).locator('[role=gridcell][data-col=note]').dblclick();
  await page.getByRole('textbox', { name: /^Notiz bearbeiten/ }).waitFor();
}

async function writeNote(page: Page, caseId: string, text: string): Promise<void> {
  await editNote(page, caseId);
  await page.getByRole('textbox', { name: /^Notiz bearbeiten/ }).fill(text);
  await page.keyboard.press('Enter');
}

async function openPanel(page: Page, caseId: string): Promise<void> {
  await rowOf(page, caseId).getByText(caseId).click();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Seitenbereich schließen' }).waitFor();
}

async function account(page: Page, { cluster }: Stage): Promise<void> {
  await page.goto(`${cluster.url()}/w/${cluster.workspace}/account`);
  await page.getByRole('heading', { name: 'Sicherheit' }).waitFor();
  await page.getByRole('banner').getByRole('button', { name: /live/ }).waitFor();
}

/** Changes the records of a case as the colleague, from elsewhere. */
async function change({ cluster, colleague }: Stage, caseId: string, set: { note: string }): Promise<void> {
  const records = await cluster.sql('select id, version from records where case_id = $1 order by id', [caseId]);
  await cluster.api(colleague).edit(cluster.workspace, {
    operation: `scene-${caseId}-${Number(records[0]?.['version'])}`,
    items: records.map(({ id, version }) => ({ record: Number(id), baseVersion: Number(version), set })),
  });
}

function csv(name: string, content: string) {
  return { name, mimeType: 'text/csv', buffer: Buffer.from(content) };
}

async function shot(page: Page): Promise<Buffer> {
  // No hint of what the pointer is on.
  await page.mouse.move(0, 0);
  return page.screenshot({ animations: 'disabled', caret: 'hide' });
}

/** The window down to a row of the list. */
async function top(page: Page, caseId: string): Promise<Buffer> {
  const box = await rowOf(page, caseId).boundingBox();
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  return page.screenshot({ clip: { x: 0, y: 0, width, height: box ? box.y + box.height : height } });
}

/** What the named parts stand in. */
async function around(page: Page, parts: readonly Locator[]): Promise<Buffer> {
  const boxes = await Promise.all(parts.map((part) => part.boundingBox()));
  const found = boxes.filter((box) => box !== null);
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  const x = Math.max(0, Math.min(...found.map((box) => box.x)) - MARGIN);
  const y = Math.max(0, Math.min(...found.map((box) => box.y)) - MARGIN);
  const right = Math.min(width, Math.max(...found.map((box) => box.x + box.width)) + MARGIN);
  const bottom = Math.min(height, Math.max(...found.map((box) => box.y + box.height)) + MARGIN);
  return page.screenshot({ clip: { x, y, width: right - x, height: bottom - y }, animations: 'disabled' });
}

async function leave(...pages: readonly Page[]): Promise<void> {
  for (const page of pages) await page.context().close();
}

async function closing(page: Page, picture: Buffer): Promise<Buffer> {
  await leave(page);
  return picture;
}
