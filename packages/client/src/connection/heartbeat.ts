import { BUSY_MS, CATCH_UP_MS } from '../timing/busy.ts';
import type { ClientRuntime } from '../types/environment.ts';

/** A ping goes out this often; a lock lives by them too (R2.3, P32). */
export const PING_EVERY_MS = 3_000;
/** Silence after a ping that means that the connection is dead: with the above, one that died is noticed within 6 s (P22). */
export const SILENCE_LIMIT_MS = 3_000;
/** A timer that fires so much too late says that the machine slept, or that the program stood still. */
export const LATE_MS = 3_000;
/** Of a node that has heard nothing for a while the next answer is wanted so soon. */
export const PING_SOON_MS = 1_000;
/**
 * What the node knew when it answered last may become so old before its silence means that the connection is dead: a screen that is not
 * current says so within 10 s, also where first the node hears nothing, and then this client hears nothing of that.
 */
export const OLD_LIMIT_MS = 9_000;
/** An answer gets at least so long. */
const LEAST_LIMIT_MS = 1_000;

/** Keeps one connection under watch, from `start` to `stop`. */
export interface Heartbeat {
  start(): void;
  /** Asks at once, for an answer within `SILENCE_LIMIT_MS`. Nothing happens before `start`. */
  probe(): void;
  /** Any message shows that the connection lives. */
  heard(): void;
  /** How old what the node knows is, as it said with an answer just now; 0 while it hears what happens. */
  told(ageMs: number): void;
  stop(): void;
}

interface HeartbeatInput {
  readonly runtime: ClientRuntime;
  readonly ping: (sentAt: number) => void;
  readonly onSilent: () => void;
}

/**
 * Makes a heartbeat that stands still. The first ping goes out at once, for the first round trip. Nothing is concluded from
 * time in which the program could not have heard anything: after a sleep the connection is asked first, and after a moment
 * in which the program was busy, or a hidden page held back, what has come meanwhile is heard first.
 */
export function createHeartbeat({ runtime, ping, onSilent }: HeartbeatInput): Heartbeat {
  let next: unknown = null;
  let deadline: unknown = null;
  /** Until when an answer is awaited. */
  let awaitedUntil = 0;
  /** Since when the node has heard nothing, as far as it has said so; null while it hears. */
  let oldSince: number | null = null;
  /** Whether the silence was forgiven because the program stood still; only once, or a throttled page would never know. */
  let isForgiven = false;

  const disarm = (): void => {
    if (deadline !== null) runtime.clearTimeout(deadline);
    deadline = null;
  };
  const awaitUntil = (at: number): void => {
    disarm();
    awaitedUntil = at;
    deadline = runtime.setTimeout(expire, Math.max(0, at - runtime.now()));
  };
  const answerLimitMs = (sentAt: number): number => {
    if (oldSince === null) return SILENCE_LIMIT_MS;
    return Math.min(SILENCE_LIMIT_MS, Math.max(LEAST_LIMIT_MS, oldSince + OLD_LIMIT_MS - sentAt));
  };
  const send = (): void => {
    const sentAt = runtime.now();
    if (next !== null) runtime.clearTimeout(next);
    next = runtime.setTimeout(send, PING_EVERY_MS);
    // What is awaited already is not awaited longer for being asked again, whatever the clock was set to meanwhile.
    if (deadline === null) awaitUntil(sentAt + answerLimitMs(sentAt));
    ping(sentAt);
  };
  function expire(): void {
    deadline = null;
    const lateMs = runtime.now() - awaitedUntil;
    if (isForgiven || lateMs <= BUSY_MS) {
      onSilent();
      return;
    }
    isForgiven = true;
    if (lateMs <= LATE_MS) awaitUntil(runtime.now() + CATCH_UP_MS);
    else send();
  }
  const heard = (): void => {
    disarm();
    isForgiven = false;
  };
  const told = (ageMs: number): void => {
    oldSince = ageMs === 0 ? null : runtime.now() - ageMs;
    if (oldSince === null || next === null) return;
    runtime.clearTimeout(next);
    next = runtime.setTimeout(send, PING_SOON_MS);
  };
  const stop = (): void => {
    heard();
    oldSince = null;
    if (next !== null) runtime.clearTimeout(next);
    next = null;
  };

  return {
    start() {
      stop();
      send();
    },
    probe() {
      if (next !== null) send();
    },
    heard,
    told,
    stop,
  };
}
