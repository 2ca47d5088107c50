import { between } from './between.ts';
import type { AwayReason } from './messages.ts';

/** What to do when a connection has ended. */
export type Comeback =
  | { readonly after: 'wait'; readonly waitMs: number }
  /** The service does not want this client, or this client does not know the protocol. */
  | { readonly after: 'stop' };

const STEP_MS = { least: 500, first: 2_000, most: 3_000 };
const MOST_TOLD = 3;

/** When a client comes back (P46, P47), over all tries until it is welcome again. */
export class Comebacks {
  #ceilingMs = STEP_MS.first;
  #told = 0;

  welcome(): void {
    this.#ceilingMs = STEP_MS.first;
    this.#told = 0;
  }

  /** `triedMs` is for how long the try had waited for its `welcome`; 0 where it was welcome. */
  next(code: number | 'silent', reason: string, triedMs: number): Comeback {
    if (code !== 'silent' && code >= 4400 && code <= 4499) return { after: 'stop' };
    const toldMs = code === 4503 || code === 4505 ? retryAfterMs(reason) : undefined;
    if (toldMs !== undefined && this.#told < MOST_TOLD) {
      this.#told++;
      return { after: 'wait', waitMs: toldMs };
    }
    const ceilingMs = Math.max(STEP_MS.first, this.#ceilingMs - triedMs);
    this.#ceilingMs = Math.min(STEP_MS.most, this.#ceilingMs * 2);
    return { after: 'wait', waitMs: Math.max(toldMs ?? 0, between(STEP_MS.least, ceilingMs)) };
  }
}

/** What a `hello` says of the connection that ended (P51). */
export function awayReason(code: number | 'silent'): AwayReason {
  if (code === 'silent') return 'silence';
  const known: Readonly<Record<number, AwayReason>> = {
    1000: 'closed',
    1006: 'closed',
    4503: 'drain',
    4505: 'stale',
    4508: 'slow',
  };
  return known[code] ?? 'other';
}

function retryAfterMs(reason: string): number | undefined {
  try {
    const { retryAfterMs: ms } = JSON.parse(reason.slice(0, reason.lastIndexOf('}') + 1)) as { retryAfterMs?: unknown };
    return typeof ms === 'number' && ms >= 0 ? ms : undefined;
  } catch {
    // Any other reason is a text for whoever reads a log (P46).
    return undefined;
  }
}
