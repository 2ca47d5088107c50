import { SyncError } from '@meldesync/client';
import { expect, it } from 'vitest';
import { askedReauthentication, onReauthentication, withReauthentication } from './reauthentication.ts';

/** An act that the service refuses until `prove` was called. */
function guardedAct() {
  let isProven = false;
  return {
    prove: () => {
      isProven = true;
    },
    run: async () => {
      if (!isProven) throw new SyncError('reauthentication-needed');
      return 'done';
    },
  };
}

it('asks once for all that wait, and runs each again once the person has answered', async () => {
  const act = guardedAct();
  let shown = 0;
  const end = onReauthentication(() => {
    if (askedReauthentication()) shown += 1;
  });
  const both = Promise.all([withReauthentication(act.run), withReauthentication(act.run)]);
  await Promise.resolve();
  await Promise.resolve();
  act.prove();
  askedReauthentication()?.answer(true);
  expect(await both).toEqual(['done', 'done']);
  expect(shown).toBe(1);
  expect(askedReauthentication()).toBeNull();
  end();
});

it('who does not answer is told what was refused', async () => {
  const act = guardedAct();
  const refused = withReauthentication(act.run);
  await Promise.resolve();
  await Promise.resolve();
  askedReauthentication()?.answer(false);
  await expect(refused).rejects.toMatchObject({ code: 'reauthentication-needed' });
});

it('asks nothing for what is refused for another reason', async () => {
  await expect(
    withReauthentication(async () => {
      throw new SyncError('forbidden');
    }),
  ).rejects.toMatchObject({ code: 'forbidden' });
  expect(askedReauthentication()).toBeNull();
});
