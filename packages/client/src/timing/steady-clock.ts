/** The two clocks of a machine do not drift apart by so much: it slept, or somebody set its clock. */
const JUMP_MS = 1_000;

/**
 * Makes a clock that begins with what the machine's clock shows and never goes back, in epoch milliseconds: what it has measured stays as
 * old as it is when the machine's clock is set. `monotonic` may stand still while the machine sleeps, so time by which its clock is
 * suddenly ahead counts as slept. A clock that was set forward looks the same: data are then taken for older than they are, never for
 * newer.
 */
export function createSteadyClock(wall: () => number, monotonic: () => number): () => number {
  let aheadMs = wall() - monotonic();
  /** By how much the machine's clock was set back since. */
  let setBackMs = 0;
  return () => {
    const here = monotonic() + aheadMs;
    const jumpMs = wall() + setBackMs - here;
    if (jumpMs < -JUMP_MS) setBackMs -= jumpMs;
    if (jumpMs <= JUMP_MS) return Math.floor(here);
    aheadMs += jumpMs;
    return Math.floor(here + jumpMs);
  };
}
