import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually, sampleCsv } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { caseIds, rowOf } from './case-list.ts';
import { openDesk } from './desk.ts';

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

const { cluster, browser, anna, ben, cases } = await openDesk();

describe('two people in two browsers', () => {
  let first: Page;
  let second: Page;

  beforeAll(async () => {
    await cases.add('F-1', 'F-2', 'F-3', 'F-4');
    // Each on a node of their own.
    first = await browser.open(cluster, anna, { node: 0 });
    second = await browser.open(cluster, ben, { node: 1 });
    // The second person looks at the open cases, last case first.
    await second.getByRole('button', { name: 'offen', exact: true }).click();
    await second.getByRole('button', { name: 'Fall', exact: true }).click();
    await second.getByRole('button', { name: 'Fall', exact: true }).click();
    await eventually(async () => expect(await caseIds(second)).toEqual(['F-4', 'F-3', 'F-2', 'F-1']));
  });

  /** The second person's choice is what it was, in the page and in its address. */
  const expectChoiceKept = async () => {
    expect(await second.getByRole('button', { name: 'offen', exact: true }).getAttribute('aria-pressed')).toBe('true');
    const sorted = second.locator('[role=columnheader][aria-sort=descending]');
    expect(await sorted.innerText()).toContain('Fall');
    expect(new URL(second.url()).search).toMatch(/open/);
  };

  it('R1.3 R3.3 one marks a case done, the other sees it; filter and sort stay', async () => {
    await first.getByRole('checkbox', { name: 'Fall F-2 erledigt' }).click();
    await eventually(async () =>
      expect(await second.getByRole('checkbox', { name: 'Fall F-2 erledigt' }).isChecked().catch(gone)).not.toBe(false),
    );
    await eventually(async () => expect(await totals(second)).toMatch(/3 Fälle/));
    await expectChoiceKept();
    const rows = await cluster.sql(`select done, version from records where case_id = 'F-2'`);
    expect(rows).toEqual([
      { done: true, version: 2 },
      { done: true, version: 2 },
    ]);
  });

  it('R3.4 a plain UPDATE past the application reaches both', async () => {
    await cluster.sql(`update records set note = 'aus psql' where case_id = 'F-3'`);
    for (const page of [first, second]) {
      await eventually(async () => expect(await rowOf(page, 'F-3').innerText()).toContain('aus psql'));
    }
    await expectChoiceKept();
  });

  it('R3.1 R3.2 an upload by the CLI reaches both', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'meldesync-upload-'));
    try {
      await writeFile(join(folder, 'neu.csv'), sampleCsv(3, 500));
      const env = {
        ...process.env,
        XDG_CONFIG_HOME: folder,
        MELDESYNC_SERVER: cluster.url(1),
        MELDESYNC_TOKEN: anna.token,
      };
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [CLI, 'import', '--json', join(folder, 'neu.csv')],
        { env },
      );
      expect(JSON.parse(stdout)).toMatchObject({ rows: { new: 3 } });
    } finally {
      await rm(folder, { recursive: true });
    }
    for (const page of [first, second]) {
      await eventually(async () => expect(await totals(page)).toMatch(/3 ohne Fallnummer/));
    }
    await expectChoiceKept();
  });
});

/** The row left the list meanwhile. */
const gone = () => undefined;

async function totals(page: Page): Promise<string> {
  return page.getByLabel('Summen der gezeigten Fälle').innerText();
}
