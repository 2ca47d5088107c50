import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** A page's memory begins anew with each import. */
async function openPage() {
  vi.resetModules();
  return import('./tab-owner.ts');
}

describe('a tab', () => {
  let kept: Map<string, string>;
  let told: Map<string, string>;
  beforeEach(() => {
    kept = new Map();
    told = new Map();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => told.get(key) ?? null,
      setItem: (key: string, value: string) => told.set(key, value),
      removeItem: (key: string) => told.delete(key),
    });
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      clear: () => kept.clear(),
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('keeps what is of a person over a reload', async () => {
    expect((await openPage()).takeTab('anna')).toBe(true);
    kept.set('search', 'F-1');
    expect((await openPage()).takeTab('anna')).toBe(true);
    expect(kept.get('search')).toBe('F-1');
  });

  it('keeps nothing of a person once another signs in, and its page is loaded anew', async () => {
    const { takeTab } = await openPage();
    takeTab('anna');
    kept.set('search', 'F-1');
    expect(takeTab('ben')).toBe(false);
    expect(kept.has('search')).toBe(false);
    expect((await openPage()).takeTab('ben')).toBe(true);
  });

  it('tells the others whose it has become, and only then', async () => {
    const { takeTab } = await openPage();
    takeTab('anna');
    const [told1] = told.values();
    expect(told1).toContain('"anna"');
    takeTab('ben');
    expect([...told.values()]).toEqual([told1]);
  });

  it('is usable where the browser forbids storage', async () => {
    vi.stubGlobal('sessionStorage', undefined);
    Object.defineProperty(globalThis, 'sessionStorage', {
      configurable: true,
      get: () => {
        throw new Error('The operation is insecure.');
      },
    });
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { clearTab, takeTab } = await openPage();
    expect(takeTab('anna')).toBe(true);
    clearTab();
    expect(takeTab('ben')).toBe(false);
    expect(warn).toHaveBeenCalled();
    warn.mockRestore();
  });
});
