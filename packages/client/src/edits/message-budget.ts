import type { ClientRuntime } from '../types/environment.ts';

/** Messages that may be sent at once on a new connection, and how many a second after that. */
export const SEND_BURST = 100;
export const SENDS_PER_SECOND = 40;

/**
 * Keeps what a client sends below what a node puts up with: it closes a connection that sends more, and for a reason after which no
 * client may come back by itself. A token bucket that time refills.
 */
export interface MessageBudget {
  /** Takes one message off; false when none may be sent now. */
  spend(): boolean;
  /** A new connection starts with a full budget. */
  reset(): void;
}

/** Makes a full budget. */
export function createMessageBudget(runtime: ClientRuntime): MessageBudget {
  let tokens = SEND_BURST;
  let at = runtime.now();
  return {
    spend() {
      const now = runtime.now();
      tokens = Math.min(SEND_BURST, tokens + (Math.max(0, now - at) / 1000) * SENDS_PER_SECOND);
      at = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    reset() {
      tokens = SEND_BURST;
      at = runtime.now();
    },
  };
}
