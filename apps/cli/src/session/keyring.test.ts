import { afterEach, expect, it, vi } from 'vitest';
import { openSystemKeyring } from './keyring.ts';

afterEach(() => {
  vi.doUnmock('@napi-rs/keyring');
  vi.resetModules();
});

it('a native module that is not installed is no keyring; one that cannot be loaded says why', async () => {
  vi.doMock('@napi-rs/keyring', () => {
    throw Object.assign(new Error('no such package'), { code: 'ERR_MODULE_NOT_FOUND' });
  });
  expect(await openSystemKeyring()).toBeUndefined();
  vi.doMock('@napi-rs/keyring', () => {
    throw new Error('invalid ELF header');
  });
  vi.resetModules();
  const keyring = await openSystemKeyring();
  const refused = await keyring?.get('nobody').catch((error: unknown) => error);
  expect(refused).toMatchObject({ cause: expect.objectContaining({ message: 'invalid ELF header' }) });
  await expect(keyring?.set('nobody', 'a secret')).rejects.toThrow();
});

// A server without a desktop has no bus on which a keyring could answer, and a login there keeps its token in a file.
it.runIf(process.platform === 'linux')('a keyring that does not answer rejects, whatever is asked of it', async () => {
  const before = process.env['DBUS_SESSION_BUS_ADDRESS'];
  process.env['DBUS_SESSION_BUS_ADDRESS'] = 'unix:path=/nowhere/bus';
  try {
    const keyring = await openSystemKeyring();
    if (!keyring) return;
    const asked = [
      () => keyring.get('nobody'),
      () => keyring.set('nobody', 'a secret'),
      () => keyring.remove('nobody'),
    ];
    for (const ask of asked) {
      const answer = ask();
      await expect(answer).rejects.toThrow();
    }
  } finally {
    if (before === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS'];
    else process.env['DBUS_SESSION_BUS_ADDRESS'] = before;
  }
});
