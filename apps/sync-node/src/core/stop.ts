import type { NodeRuntime } from '../runtime.ts';
import { CLOSE_GRACE_MS, REQUEST_GRACE_MS } from './limits.ts';

/** What lets clients in. */
export interface Door {
  /** Nobody comes in any more. */
  shut(): void;
  /** Resolves when the requests that are being answered are, or after so long. */
  answered(timeoutMs: number): Promise<unknown>;
  /** Ends every socket that is left, without a word. */
  cut(): void;
}

/** Stops serving: everyone is sent away, and gets to hear why, before the sockets are cut (R4.1). */
export async function stopServing(
  door: Door,
  clients: { drain(): Promise<void> },
  runtime: Pick<NodeRuntime, 'sleep'>,
): Promise<void> {
  door.shut();
  await Promise.all([clients.drain(), door.answered(REQUEST_GRACE_MS)]);
  await runtime.sleep(CLOSE_GRACE_MS);
  door.cut();
}
