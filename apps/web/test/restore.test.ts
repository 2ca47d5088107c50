import { eventually } from '@meldesync/testkit';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { cellOf } from './case-list.ts';
import { openDesk } from './desk.ts';

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1 });

it('R5.1 a value of the past is restored by a click, seen by others, undone by a key', async () => {
  await cases.add('F-1');
  await cases.editAs(ben, 'F-1', { note: 'zuerst' });
  await cases.editAs(ben, 'F-1', { note: 'danach' });
  const page = await browser.open(cluster, anna);
  const panel = await openCase(page, 'F-1');
  const restore = panel.getByRole('button', { name: 'Diesen Wert wiederherstellen: Notiz, zuerst' });
  await restore.waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await restore.click();
  await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['zuerst', 'danach']));
  // What stands there now need not be restored; what it replaced can be.
  await panel.getByRole('button', { name: 'Diesen Wert wiederherstellen: Notiz, danach' }).waitFor();
  expect(await restore.count()).toBe(0);
  await page.keyboard.press('Control+z');
  await eventually(async () => expect(await cases.stored('F-1', 'note')).toEqual(['danach', 'danach']));
  await page.context().close();
});

it('R2.2 R5.1 R5.2 where a colleague was first it is a conflict as any other, and the history says how it ended', async () => {
  await cases.add('F-2');
  await cases.editAs(ben, 'F-2', { note: 'früher' });
  await cases.editAs(ben, 'F-2', { note: 'heute' });
  const page = await browser.open(cluster, anna);
  const panel = await openCase(page, 'F-2');
  const restore = panel.getByRole('button', { name: 'Diesen Wert wiederherstellen: Notiz, früher' });
  await restore.waitFor();
  await page.context().setOffline(true);
  await cases.editAs(ben, 'F-2', { note: 'schneller' });
  await restore.click();
  await page.context().setOffline(false);
  const dialog = page.getByRole('dialog', { name: /^Jemand war schneller/ });
  await dialog.waitFor();
  await dialog.getByRole('radio', { name: /ihre übernehmen/ }).check();
  await dialog.getByRole('button', { name: 'Auswahl anwenden' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.reload();
  await panel.getByText('Es blieb, was andere gespeichert hatten.').waitFor();
  expect(await panel.getByText('Vorgefunden, von Ben Brandt').count()).toBe(1);
  expect(await findBarriers(page)).toEqual([]);
  await page.context().close();
});

it('who may only read is offered nothing to restore', async () => {
  await cases.add('F-3');
  await cases.editAs(ben, 'F-3', { note: 'früher' });
  await cases.editAs(ben, 'F-3', { note: 'heute' });
  const vera = await cluster.addPerson('Vera Vogt', { workspace: cluster.workspace, role: 'viewer' });
  const page = await browser.open(cluster, vera);
  const panel = await openCase(page, 'F-3');
  await panel.getByText('früher').first().waitFor();
  expect(await panel.getByRole('button', { name: /^Diesen Wert wiederherstellen/ }).count()).toBe(0);
  await page.context().close();
});

async function openCase(page: Page, caseId: string): Promise<Locator> {
  await cellOf(page, caseId, 'status').click();
  await page.getByRole('complementary').waitFor();
  return page.getByRole('complementary');
}
