import { LOCK_PING_EVERY_MS } from '@meldesync/protocol';
import type { ClientRuntime } from '../types/environment.ts';

/** How closely a connection is watched. Both together are how long a dead one can stay unnoticed: 15 s at most. */
export interface HeartbeatTiming {
  /** A ping goes out this often. */
  readonly pingEveryMs: number;
  /** Silence after a ping that means that the connection is dead. */
  readonly silenceLimitMs: number;
}

/** The timing of a connection that nobody's work hangs on. */
export const IDLE_TIMING: HeartbeatTiming = { pingEveryMs: 10_000, silenceLimitMs: 5_000 };
/** The timing while a lock is held: it lives by what the server hears of its holder (R2.3). */
export const LOCK_TIMING: HeartbeatTiming = { pingEveryMs: LOCK_PING_EVERY_MS, silenceLimitMs: 2 * LOCK_PING_EVERY_MS };
/** Silence after a ping that somebody waits for. */
export const PROBE_LIMIT_MS = 3_000;
/** A timer that fires so much too late says that the machine slept, or that the program stood still. */
export const LATE_MS = 3_000;

/** Keeps one connection under watch, from `start` to `stop`. */
export interface Heartbeat {
  start(): void;
  /** Goes on in another timing, also on later connections. A faster one counts from the last ping. */
  setTiming(timing: HeartbeatTiming): void;
  /** Asks at once, for an answer within `PROBE_LIMIT_MS`. Nothing happens before `start`. */
  probe(): void;
  /** Any message shows that the connection lives. */
  heard(): void;
  stop(): void;
}

interface HeartbeatInput {
  readonly runtime: ClientRuntime;
  readonly ping: (sentAt: number) => void;
  readonly onSilent: () => void;
}

/**
 * Makes a heartbeat that stands still, in the idle timing. The first ping goes out at once, for the first round trip.
 * After a sleep nothing is concluded from time that passed: the connection is asked first.
 */
export function createHeartbeat({ runtime, ping, onSilent }: HeartbeatInput): Heartbeat {
  let timing = IDLE_TIMING;
  let next: unknown = null;
  let deadline: unknown = null;
  /** When the last ping went out, and since when and until when an answer is awaited. */
  let beatAt = 0;
  let awaitedSince = 0;
  let awaitedUntil = 0;
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
  const beatIn = (delayMs: number): void => {
    if (next !== null) runtime.clearTimeout(next);
    next = runtime.setTimeout(beat, delayMs);
  };
  const send = (limitMs: number): void => {
    beatAt = runtime.now();
    beatIn(timing.pingEveryMs);
    if (deadline === null) awaitedSince = beatAt;
    if (deadline === null || beatAt + limitMs < awaitedUntil) awaitUntil(beatAt + limitMs);
    ping(beatAt);
  };
  function beat(): void {
    const isLate = runtime.now() - beatAt > timing.pingEveryMs + LATE_MS;
    send(isLate ? PROBE_LIMIT_MS : timing.silenceLimitMs);
  }
  function expire(): void {
    deadline = null;
    if (isForgiven || runtime.now() - awaitedUntil <= LATE_MS) {
      onSilent();
      return;
    }
    isForgiven = true;
    send(PROBE_LIMIT_MS);
  }
  const heard = (): void => {
    disarm();
    isForgiven = false;
  };
  const stop = (): void => {
    heard();
    if (next !== null) runtime.clearTimeout(next);
    next = null;
  };

  return {
    start() {
      stop();
      send(timing.silenceLimitMs);
    },
    setTiming(newTiming) {
      if (newTiming === timing) return;
      timing = newTiming;
      if (next === null) return;
      beatIn(Math.max(0, beatAt + timing.pingEveryMs - runtime.now()));
      if (deadline !== null) awaitUntil(Math.min(awaitedUntil, awaitedSince + timing.silenceLimitMs));
    },
    probe() {
      if (next !== null) send(PROBE_LIMIT_MS);
    },
    heard,
    stop,
  };
}
