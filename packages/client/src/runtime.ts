import { afterPaint } from './timing/after-paint.ts';
import { createSteadyClock } from './timing/steady-clock.ts';
import type { ClientRuntime } from './types/environment.ts';

/**
 * A random UUID (RFC 9562, version 4). `crypto.randomUUID` exists on secure pages only; a hospital's intranet may serve
 * the page over plain HTTP, and `getRandomValues` is there too.
 */
function randomUuid(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

interface Screen {
  readonly event?: { readonly timeStamp: number } | undefined;
}

/** The time by which everything of a program that shows ages goes: that of this machine, whatever its clock is set to meanwhile. */
export const steadyNow = createSteadyClock(
  () => Date.now(),
  () => performance.now(),
);

/** The event under way says when it happened. */
function actedAt(): number {
  const { event } = globalThis as Screen;
  return event ? steadyNow() - (performance.now() - event.timeStamp) : steadyNow();
}

/** Clock, randomness and timers of the browser or of Node. */
export const systemRuntime: ClientRuntime = {
  now: steadyNow,
  wallNow: () => Date.now(),
  random: () => Math.random(),
  randomId: randomUuid,
  setTimeout: (callback, delayMs) => globalThis.setTimeout(callback, delayMs),
  clearTimeout: (timer) => globalThis.clearTimeout(timer as number | undefined),
  actedAt,
  afterPaint,
};
