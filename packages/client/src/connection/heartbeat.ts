import type { ClientRuntime } from '../types.ts';

/** A ping goes out this often. */
export const PING_EVERY_MS = 10_000;
/** Silence after a ping that means that the connection is dead. */
export const SILENCE_LIMIT_MS = 15_000;

/** Keeps one connection under watch, from `start` to `stop`. */
export interface Heartbeat {
  start(): void;
  /** Any message shows that the connection lives. */
  heard(): void;
  stop(): void;
}

interface HeartbeatInput {
  readonly runtime: ClientRuntime;
  readonly ping: (sentAt: number) => void;
  readonly onSilent: () => void;
}

/** Makes a heartbeat that stands still. The first ping goes out at once, for the first round trip. */
export function createHeartbeat({ runtime, ping, onSilent }: HeartbeatInput): Heartbeat {
  let next: unknown = null;
  let deadline: unknown = null;

  const heard = (): void => {
    if (deadline !== null) runtime.clearTimeout(deadline);
    deadline = null;
  };
  const beat = (): void => {
    next = runtime.setTimeout(beat, PING_EVERY_MS);
    deadline ??= runtime.setTimeout(() => {
      deadline = null;
      onSilent();
    }, SILENCE_LIMIT_MS);
    ping(runtime.now());
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
    heard,
    stop,
  };
}
