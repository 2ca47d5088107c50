import type { EditItem } from '@meldesync/protocol';
import type { Cluster, TestPerson } from '@meldesync/testkit';
import type { Locator, Page } from 'playwright-core';

/** The cases of a test, in the database and on a page. */
export class CaseList {
  readonly #cluster: Cluster;
  #nextNumber = 1;
  #nextOperation = 1;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Adds complete cases: one genomic and one clinical record each. */
  async add(...caseIds: string[]): Promise<void> {
    for (const caseId of caseIds) {
      await this.#cluster.addRecords(1, { first: this.#nextNumber++, artDerDaten: 'G', caseId });
      await this.#cluster.addRecords(1, { first: this.#nextNumber++, artDerDaten: 'C', caseId });
    }
  }

  /** Adds a case that lacks its clinical record. */
  async addIncomplete(caseId: string): Promise<void> {
    await this.#cluster.addRecords(1, { first: this.#nextNumber++, artDerDaten: 'G', caseId });
  }

  /** Changes all records of a case over HTTP, as a colleague's program would. */
  async editAs(person: TestPerson, caseId: string, set: EditItem['set']): Promise<void> {
    const records = await this.#cluster.sql('select id, version from records where case_id = $1 order by id', [caseId]);
    const outcomes = await this.#cluster.api(person).edit(this.#cluster.workspace, {
      operation: `colleague-${this.#nextOperation++}`,
      items: records.map(({ id, version }) => ({ record: Number(id), baseVersion: Number(version), set })),
    });
    if (outcomes.some(({ outcome }) => outcome !== 'accepted')) throw new Error('the edit was not accepted');
  }

  /** A column of the records of a case, genomic first. */
  async stored(caseId: string, column: 'note' | 'done' | 'assignee' | 'case_id'): Promise<unknown[]> {
    const rows = await this.#cluster.sql(`select ${column} as value from records where case_id = $1 order by id`, [
      caseId,
    ]);
    return rows.map(({ value }) => value);
  }
}

export function rowOf(page: Page, caseId: string): Locator {
  return page.locator('[role=row][data-line]').filter({ hasText: caseId });
}

export function cellOf(page: Page, caseId: string, column: string): Locator {
  return rowOf(page, caseId).locator(`[role=gridcell][data-col=${column}]`);
}

export function doneBox(page: Page, caseId: string): Locator {
  return rowOf(page, caseId).getByRole('checkbox', { name: /erledigt$/ });
}

/** Case ids in the order of the list. */
export async function caseIds(page: Page): Promise<string[]> {
  const rows = await page.locator('[role=row][data-line]').evaluateAll((elements) =>
    elements
      .map((element) => ({
        line: Number(element.getAttribute('data-line')),
        text: element.querySelector('[role=gridcell][data-col=caseId]')?.textContent ?? '',
      }))
      .toSorted((a, b) => a.line - b.line),
  );
  return rows.flatMap(({ text }) => /F-\d+/.exec(text)?.[0] ?? []);
}

/** Writes a case's note in its cell, as a person does. */
export async function writeNote(page: Page, caseId: string, text: string): Promise<void> {
  await cellOf(page, caseId, 'note').dblclick();
  await page.getByRole('textbox', { name: /^Notiz bearbeiten/ }).fill(text);
  await page.keyboard.press('Enter');
}
