import type * as k6 from 'k6';
import { emit } from '../../metrics/registry.ts';
import type { Vu } from '../vu.ts';

const BLOCKED = new Int32Array(new SharedArrayBuffer(4));

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The module `k6`. */
export function createK6Module(vu: Vu) {
  const { builtIn, checks } = vu.host;
  return {
    check: (value, sets, tags) => {
      let all = true;
      for (const [name, test] of Object.entries(sets)) {
        const holds = test(value);
        if (!holds) all = false;
        checks.record(`${vu.group}::${name}`, holds);
        emit(builtIn.checks, holds ? 1 : 0, vu.tags, { ...(tags as Record<string, string>), check: name });
      }
      return all;
    },
    fail: (reason) => {
      throw new Error(reason ?? '');
    },
    group: (name, body) => {
      if (body.constructor.name === 'AsyncFunction') throw new Error('group() does not take async functions');
      const outer = vu.group;
      const startedMs = performance.now();
      vu.group = `${outer}::${name}`;
      vu.refreshTags();
      try {
        return body();
      } finally {
        emit(builtIn.groupDuration, performance.now() - startedMs, vu.tags);
        vu.group = outer;
        vu.refreshTags();
      }
    },
    randomSeed: (seed) => {
      vu.math.random = seeded(seed);
    },
    sleep: (seconds) => {
      if (!vu.mayBlock) {
        throw new Error('sleep() would stop everybody on this thread: wait with setTimeout of k6/timers instead');
      }
      Atomics.wait(BLOCKED, 0, 0, seconds * 1_000);
    },
  } satisfies Omit<typeof k6, 'default'>;
}
