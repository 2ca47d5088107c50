import { eventually } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { openDesk } from './desk.ts';

const { cluster, browser, anna, ben, cases } = await openDesk();

it('R5.4 shows processes, connections, edits and locks of a real cluster, and sets its level', async () => {
  const ada = await cluster.addPerson('Ada Admin', { workspace: cluster.workspace, role: 'admin' });
  await cases.add('F-1');
  const [{ id } = { id: 0 }] = await cluster.sql(`select id from records where case_id = 'F-1'`);
  const client = cluster.client(anna);
  client.start();
  await eventually(() => expect(client.store.get(Number(id))).toBeDefined());
  expect((await client.lock([Number(id)])).outcome).toBe('granted');
  await cases.editAs(anna, 'F-1', { note: 'gelesen' });

  const page = await browser.open(cluster, ada);
  await page.getByRole('navigation').getByRole('link', { name: 'Betrieb' }).click();
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });
  for (const name of ['node-1', 'node-2', 'relay', 'worker']) await row(name).getByText('in Ordnung').first().waitFor();
  await row('Fall F-1').getByText('Anna Albers').waitFor();
  await page.getByText(/^[1-9]\d* sofort$/).waitFor();

  await page.getByRole('button', { name: 'Stufe festlegen …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^Verringert/ }).check();
  await dialog.getByRole('button', { name: 'Festlegen' }).click();
  await page
    .getByRole('heading', { name: /^Betriebsstufe: Verringert/ })
    .getByText('von Hand festgelegt')
    .waitFor();

  await row('Fall F-1').getByRole('button').click();
  await dialog.getByRole('button', { name: 'Sperre aufheben' }).click();
  await row('Fall F-1').waitFor({ state: 'detached' });
  await expect(cluster.api(ben).operations()).rejects.toMatchObject({ code: 'forbidden' });
  client.stop();
  await page.context().close();
});
