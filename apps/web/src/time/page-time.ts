import { steadyNow } from '@meldesync/client';

let aheadMs = 0;

/** This page's own time, in epoch milliseconds: it goes on when the clock of the machine is set. Ages of what the page has seen go by it. */
export const pageNow = steadyNow;

/** The service's clock is ahead of this page's by so much. */
export function learnServerTime(ms: number): void {
  aheadMs = ms;
}

/** What the service's clock says now, as far as this page has heard: times that the service says are compared with it. */
export function serverNow(): number {
  return toServerTime(pageNow());
}

/** A time of this page's own as the service's clock would have said it, to be shown beside times of the service. */
export function toServerTime(at: number): number {
  return at + aheadMs;
}

/** A time by the clock of this machine, in the page's own; right as long as nobody has set that clock since. */
export function fromMachineTime(at: number): number {
  return at + pageNow() - Date.now();
}
