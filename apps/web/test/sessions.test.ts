import { eventually } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { openDesk } from './desk.ts';

const { cluster, browser, anna, cases } = await openDesk();
await cases.add('F-1');

const openAccount = async (page: Page) => {
  await page.goto(`${cluster.url()}/w/${cluster.workspace}/account`);
  await page.getByRole('heading', { name: 'Angemeldete Geräte' }).waitFor();
};
const entries = (page: Page) => page.getByRole('region', { name: 'Angemeldete Geräte' }).getByRole('listitem');
/** What has the focus, by its text. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

it('a person sees where they are signed in, ends one session, and then all', async () => {
  await cluster.sql('delete from auth.session where user_id = $1', [anna.id]);
  const own = await browser.open(cluster, anna);
  const other = await browser.open(cluster, anna, { node: 1 });
  await cluster.sql(
    `update auth.session set user_agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0'
     where id = (select id from auth.session where user_id = $1 order by created_at desc limit 1)`,
    [anna.id],
  );
  await openAccount(own);
  await eventually(async () => expect(await entries(own).count()).toBe(2));
  expect(await entries(own).first().innerText()).toContain('dieses Gerät');
  expect(await entries(own).last().innerText()).toContain('Firefox unter Windows');
  expect(await findBarriers(own)).toEqual([]);
  await own.getByRole('button', { name: 'Sitzung beenden: Firefox unter Windows' }).click();
  await own.getByText('Die Sitzung ist beendet.').waitFor();
  await eventually(async () => expect(await entries(own).count()).toBe(1));
  expect(await focused(own)).toBe('Angemeldete Geräte');
  await other.getByRole('button', { name: 'Anmelden' }).first().waitFor();

  await browser.open(cluster, anna, { node: 1 });
  await openAccount(own);
  await own.getByRole('button', { name: 'Alle anderen beenden' }).press('Enter');
  await eventually(async () => expect(await entries(own).count()).toBe(1));
  expect(await focused(own)).toBe('Angemeldete Geräte');

  await browser.open(cluster, anna, { node: 1 });
  await own.getByRole('button', { name: 'Überall abmelden' }).click();
  await own.getByRole('heading', { name: 'Anmelden' }).waitFor();
  expect(await cluster.sql('select id from auth.session where user_id = $1', [anna.id])).toEqual([]);
});

it('a page tells that somebody is there when they type, and nothing by itself', async () => {
  const page = await browser.open(cluster, anna);
  const told: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/api/v1/me/active')) told.push(request.method());
  });
  await page.reload();
  await page.getByRole('grid').waitFor();
  expect(told).toEqual([]);
  for (const key of ['a', 'b', 'Escape']) await page.keyboard.press(key);
  await eventually(() => expect(told).toEqual(['POST']));
});
