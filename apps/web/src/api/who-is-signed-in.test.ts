import type { Me } from '@meldesync/protocol';
import { QueryClient } from '@tanstack/react-query';
import { beforeEach, expect, it, vi } from 'vitest';

const anna: Me = { user: { id: 'a', name: 'Anna', email: 'a@test.example' }, workspaces: [] };

const disk = vi.hoisted(() => ({ readUnsentSignOut: vi.fn<() => Promise<string | undefined>>() }));
vi.mock('../device/unsent-database.ts', () => ({ ...disk, writeUnsentSignOut: async () => undefined }));

beforeEach(() => {
  vi.stubGlobal('location', { origin: 'http://meldesync.test' });
  const texts = new Map<string, string>();
  const setItem = (key: string, text: string) => texts.set(key, text);
  vi.stubGlobal('localStorage', { getItem: (key: string) => texts.get(key) ?? null, setItem });
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')));
  return () => vi.unstubAllGlobals();
});

/** A page that is opened without the service, in a browser that keeps what Anna was given. */
async function openPage(): Promise<Me> {
  vi.resetModules();
  const { keepMe } = await import('./kept-answers.ts');
  const { loadPendingSignOut } = await import('./pending-sign-out.ts');
  const { whoIsSignedIn } = await import('./who-is-signed-in.ts');
  keepMe(anna);
  await loadPendingSignOut();
  return whoIsSignedIn(new QueryClient());
}

it('R4.3 opens what is kept of who was signed in last', async () => {
  disk.readUnsentSignOut.mockResolvedValue(undefined);
  await expect(openPage()).resolves.toEqual(anna);
});

it('opens nothing of who has signed out', async () => {
  disk.readUnsentSignOut.mockResolvedValue('a');
  await expect(openPage()).rejects.toMatchObject({ code: 'unauthenticated' });
});

it('opens nothing where it cannot be read who has signed out, and says so', async () => {
  const said = vi.spyOn(console, 'warn').mockReturnValue();
  disk.readUnsentSignOut.mockRejectedValue(new DOMException('damaged', 'UnknownError'));
  await expect(openPage()).rejects.toMatchObject({ code: 'unavailable' });
  expect(said).toHaveBeenCalledWith(expect.stringContaining('nothing opens'), expect.any(DOMException));
});
