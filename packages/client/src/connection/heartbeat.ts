import { LOCK_PING_EVERY_MS } from '@meldesync/protocol';
import type { ClientRuntime } from '../types.ts';

/** How closely a connection is watched. */
export interface Pace {
  /** A ping goes out this often. */
  readonly pingEveryMs: number;
  /** Silence after a ping that means that the connection is dead. */
  readonly silenceLimitMs: number;
}

/** The pace of a connection that nobody's work hangs on. */
export const IDLE_PACE: Pace = { pingEveryMs: 10_000, silenceLimitMs: 15_000 };
/** The pace while a lock is held: it lives by what the server hears of its holder (R2.3). */
export const LOCK_PACE: Pace = { pingEveryMs: LOCK_PING_EVERY_MS, silenceLimitMs: 2 * LOCK_PING_EVERY_MS };

/** Keeps one connection under watch, from `start` to `stop`. */
export interface Heartbeat {
  start(): void;
  /** Goes on at another pace, also on later connections. A faster one counts from the last ping. */
  setPace(pace: Pace): void;
  /** Any message shows that the connection lives. */
  heard(): void;
  stop(): void;
}

interface HeartbeatInput {
  readonly runtime: ClientRuntime;
  readonly ping: (sentAt: number) => void;
  readonly onSilent: () => void;
}

/** Makes a heartbeat that stands still, at the idle pace. The first ping goes out at once, for the first round trip. */
export function createHeartbeat({ runtime, ping, onSilent }: HeartbeatInput): Heartbeat {
  let pace = IDLE_PACE;
  let next: unknown = null;
  let deadline: unknown = null;
  /** When the last ping went out, and since when an answer is awaited. */
  let beatAt = 0;
  let awaitedSince = 0;

  const heard = (): void => {
    if (deadline !== null) runtime.clearTimeout(deadline);
    deadline = null;
  };
  const awaitSign = (): void => {
    deadline = runtime.setTimeout(
      () => {
        deadline = null;
        onSilent();
      },
      Math.max(0, awaitedSince + pace.silenceLimitMs - runtime.now()),
    );
  };
  const beat = (): void => {
    beatAt = runtime.now();
    next = runtime.setTimeout(beat, pace.pingEveryMs);
    if (deadline === null) {
      awaitedSince = beatAt;
      awaitSign();
    }
    ping(beatAt);
  };
  const stop = (): void => {
    heard();
    if (next !== null) runtime.clearTimeout(next);
    next = null;
  };

  return {
    start() {
      stop();
      beat();
    },
    setPace(newPace) {
      if (newPace === pace) return;
      pace = newPace;
      if (next === null) return;
      runtime.clearTimeout(next);
      next = runtime.setTimeout(beat, Math.max(0, beatAt + pace.pingEveryMs - runtime.now()));
      if (deadline === null) return;
      runtime.clearTimeout(deadline);
      awaitSign();
    },
    heard,
    stop,
  };
}
