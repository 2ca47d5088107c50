import { beforeEach, expect, it, vi } from 'vitest';

interface Address {
  pathname: string;
  search: string;
  hash: string;
}

/** Opens the module as a page does at an address; what it makes of the address. */
async function open(address: Address) {
  vi.resetModules();
  const listeners: (() => void)[] = [];
  const replaced: string[] = [];
  vi.stubGlobal('location', address);
  vi.stubGlobal('history', {
    state: null,
    replaceState: (_state: unknown, _title: string, url: string) => replaced.push(url),
  });
  vi.stubGlobal('addEventListener', (_type: string, listener: () => void) => listeners.push(listener));
  const opened = await import('./link-secret.ts');
  return { ...opened, replaced, changeHash: () => listeners.forEach((listener) => listener()) };
}

beforeEach(() => vi.unstubAllGlobals());

it.each(['/set-up', '/invitation', '/new-password', '/invitation/'])(
  'on %s the secret is taken out of the address at once',
  async (pathname) => {
    const page = await open({ pathname, search: '', hash: '#geheim' });
    expect(page.linkSecret()).toBe('geheim');
    expect(page.replaced).toEqual([pathname]);
    page.forgetLinkSecret();
    expect(page.linkSecret()).toBeNull();
  },
);

it.each([
  ['/invitation', ''],
  ['/invitation', '#'],
  ['/w/1/cases', '#content'],
])('%s%s has none, and stays as it is', async (pathname, hash) => {
  const page = await open({ pathname, search: '', hash });
  expect(page.linkSecret()).toBeNull();
  expect(page.replaced).toEqual([]);
});

it('another link that is opened in the same tab takes the place of the first', async () => {
  const address = { pathname: '/invitation', search: '', hash: '#eins' };
  const page = await open(address);
  const told = vi.fn();
  page.onLinkSecret(told);
  address.hash = '';
  page.changeHash();
  expect(page.linkSecret()).toBe('eins');
  address.hash = '#zwei';
  page.changeHash();
  expect(page.linkSecret()).toBe('zwei');
  expect(told).toHaveBeenCalledTimes(1);
});
