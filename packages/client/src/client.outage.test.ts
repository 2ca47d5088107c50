import { describe, expect, it } from 'vitest';
import { setUpClient } from '../test/client-setup.ts';
import type { SyncSocket } from './types/environment.ts';

const OUTAGE_MS = 60_000;
const STEP_MS = 100;
/** The rest of the five seconds is the service's, and the line's. */
const BACK_WITHIN_MS = 4_600;
const SEEDS = Array.from({ length: 15 }, (_, i) => i + 1);

/** A socket on a line that carries nothing: it opens for nobody. */
function silentSocket(): SyncSocket {
  return {
    readyState: 0,
    send: () => undefined,
    close: () => undefined,
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
  };
}

/** Jitter that is the same for the same seed (an LCG of Numerical Recipes). */
function jitter(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** How long after an outage a client is live again that was live before, in a service that answers at once. */
async function backAfter(outage: 'refused' | 'swallowed', seed: number): Promise<number> {
  let isSilent = false;
  const { node, time, client, goLive, run } = setUpClient(jitter(seed), {
    openSocket: (open) => (isSilent ? silentSocket() : open('', '')),
  });
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      time.advance(STEP_MS);
      await run();
    }
  };
  const isOut = (now: boolean): void => {
    if (outage === 'refused') node.blockSockets(now);
    else {
      isSilent = now;
      node.deaf(now);
    }
  };
  client.start();
  await goLive();
  // Long enough that what failed before counts no more, and for a ping to have told how quick the line is.
  await pass(21_000);
  isOut(true);
  await pass(OUTAGE_MS);
  isOut(false);
  let tookMs = 0;
  for (; client.connection.name !== 'live'; tookMs += STEP_MS) await pass(STEP_MS);
  client.stop();
  return tookMs;
}

describe('after an outage of everything', () => {
  it.each(['refused', 'swallowed'] as const)('R4.1 nobody is away for 5 s whose tries were %s', async (outage) => {
    const times: number[] = [];
    for (const seed of SEEDS) times.push(await backAfter(outage, seed));
    expect(Math.max(...times)).toBeLessThanOrEqual(BACK_WITHIN_MS);
    // They do not come back together either.
    expect(new Set(times).size).toBeGreaterThan(4);
  });
});
