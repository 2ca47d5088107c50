import { DEVICE_CLIENT } from '@meldesync/protocol';
import { callHttp } from '@meldesync/testkit';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { enterCredentials } from './browser.ts';
import { openDesk } from './desk.ts';

const { cluster, browser, anna } = await openDesk({ nodes: 1, relay: false, worker: false });

const AGENT = 'meldesync/1.2.3 (Linux; desk-7)';

/** A terminal asks to be signed in. */
async function ask(): Promise<{ user_code: string; device_code: string }> {
  const answer = await callHttp(cluster, '/api/auth/device/code', {
    method: 'POST',
    headers: { 'user-agent': AGENT },
    json: { client_id: DEVICE_CLIENT },
  });
  return (await answer.json()) as { user_code: string; device_code: string };
}

async function poll(device: string): Promise<{ error?: string; access_token?: string }> {
  const answer = await callHttp(cluster, '/api/auth/device/token', {
    method: 'POST',
    json: {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device,
      client_id: DEVICE_CLIENT,
    },
  });
  return (await answer.json()) as { error?: string; access_token?: string };
}

/** A page of a browser in which Anna is signed in, and the addresses that it asked the server for. */
async function openPage(options: BrowserContextOptions = {}): Promise<{ page: Page; asked: string[] }> {
  const context = await browser.context(options);
  await context.addCookies([{ ...(await cluster.openSession(anna)), url: cluster.url() }]);
  const page = await context.newPage();
  return { page, asked: addressesOf(page) };
}

function addressesOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url().split('#', 1)[0] ?? ''));
  return asked;
}

describe('the page that lets a terminal in', () => {
  it('shows which terminal asks, and allows it; the code is in no address that the server sees', async () => {
    const { user_code, device_code } = await ask();
    const { page, asked } = await openPage();
    await page.goto(`${cluster.url()}/device#${user_code}`);
    await page.getByText('MeldeSync 1.2.3 auf desk-7 (Linux)').waitFor();
    expect(new URL(page.url()).hash).toBe('');
    expect(await page.getByText('127.0.0.1').count()).toBe(1);
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Zulassen' }).click();
    await page.getByRole('status').filter({ hasText: 'Zugelassen' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    expect(asked.filter((address) => address.includes(user_code))).toEqual([]);
    expect(await poll(device_code)).toHaveProperty('access_token');
    // Opened once more, the page asks for a code.
    await page.reload();
    await page.getByLabel('Code').waitFor();
    await page.context().close();
  });

  it('takes a code that is typed, says what is wrong with it, and turns a terminal away', async () => {
    const { user_code, device_code } = await ask();
    const { page } = await openPage({ locale: 'en-GB', colorScheme: 'dark' });
    await page.goto(`${cluster.url()}/device`);
    const input = page.getByLabel('Code');
    await input.fill('BCD');
    await page.keyboard.press('Enter');
    await page.getByText('A code has eight letters').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await input.fill('zzzz-zzzz');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'There is no such code.' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Enter another code' }).click();
    await input.fill(` ${user_code.slice(0, 4)}-${user_code.slice(4)} `.toLowerCase());
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('MeldeSync 1.2.3 on desk-7 (Linux)').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByRole('status').filter({ hasText: 'Denied.' }).waitFor();
    expect(await poll(device_code)).toMatchObject({ error: 'access_denied' });
    await page.context().close();
  });

  it('asks who is not signed in to do so first, and comes back with the code', async () => {
    const { user_code, device_code } = await ask();
    const page = await (await browser.context({ viewport: { width: 390, height: 844 } })).newPage();
    const asked = addressesOf(page);
    await page.goto(`${cluster.url()}/device#${user_code}`);
    await enterCredentials(page, anna);
    await page.getByRole('button', { name: 'Ablehnen' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    expect(asked.filter((address) => address.includes(user_code))).toEqual([]);
    await page.getByRole('button', { name: 'Zulassen' }).click();
    await page.getByRole('status').waitFor();
    expect(await poll(device_code)).toHaveProperty('access_token');
    await page.context().close();
  });
});
