import type { BusFrame } from '@meldesync/bus';

/** Bugs that can be put into the simulated parts on purpose: a simulation that does not find them proves nothing. */
export type Sabotage =
  /** Now and then the bus leaves a frame out, and the next one claims to follow on the one before it. */
  | 'bus-lies-about-prev'
  /** Pages are read before all commits up to their cursor are visible. */
  | 'pages-lack-commits'
  /** A retry is carried out like a new edit. */
  | 'retries-are-carried-out'
  /** Redis lets a relay write that has been replaced. */
  | 'no-fence';

const LEFT_OUT_EVERY = 10;

/** What the bus publishes in the place of a frame; undefined leaves it out. */
export function createTampering(sabotage: Sabotage | undefined): (frame: BusFrame) => BusFrame | undefined {
  if (sabotage !== 'bus-lies-about-prev') return (frame) => frame;
  let leftOut: BusFrame | undefined;
  let count = 0;
  return (frame) => {
    const missing = leftOut;
    leftOut = undefined;
    if (missing?.id === frame.prev) {
      const json = frame.json.replace(`"prev":"${frame.prev}"`, `"prev":"${missing.prev}"`);
      return { ...frame, prev: missing.prev, json };
    }
    count += 1;
    if (count % LEFT_OUT_EVERY !== 0) return frame;
    leftOut = frame;
    return undefined;
  };
}
