import { expect, it } from 'vitest';
import { openSystemKeyring } from './keyring.ts';

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
