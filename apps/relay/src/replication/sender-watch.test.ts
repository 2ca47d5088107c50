import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { SenderSilentError, watchSender } from './sender-watch.ts';

/** Postgres gives the slot to another relay when it has heard nothing for so long (`wal_sender_timeout`). */
const GIVEN_UP_MS = 5_000;
/** How long the process is away at a time, as one is that fills Redis again on a machine that others use too. */
const AWAY_MS = 700;

/** Keeps this process from everything else for a while. */
function keepBusy(forMs: number): void {
  const endsAt = performance.now() + forMs;
  while (performance.now() < endsAt);
}

it('a relay that has little time still says that it lives', async () => {
  let asked = 0;
  using _ = watchSender({
    ask: async () => {
      asked += 1;
    },
    isBusy: () => true,
    silences: 0,
    onSilent: () => undefined,
  });
  for (let awayMs = 0; awayMs + AWAY_MS < GIVEN_UP_MS; awayMs += AWAY_MS) {
    keepBusy(AWAY_MS);
    await sleep(1);
  }
  expect(asked).toBeGreaterThan(1);
});

it('a sender that says nothing is given up, though it was asked; one that is heard is not', async () => {
  let asked = 0;
  let heard = true;
  const silent = await new Promise<Error>((resolve) => {
    const watch = watchSender({
      ask: async () => {
        asked += 1;
        if (asked === 6) heard = false;
        if (heard) watch.heard();
      },
      isBusy: () => false,
      silences: 0,
      onSilent: (error) => {
        watch[Symbol.dispose]();
        resolve(error);
      },
    });
  });
  expect(silent).toBeInstanceOf(SenderSilentError);
  // Four questions that nothing followed on, or one more that went out in the very moment.
  expect(asked).toBeGreaterThanOrEqual(8);
  expect(asked).toBeLessThanOrEqual(11);
});
