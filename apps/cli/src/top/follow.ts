import { setTimeout as sleep } from 'node:timers/promises';
import type { Operations } from '@meldesync/protocol';
import { CliError } from '../errors.ts';
import type { Service } from '../session/service.ts';
import { askOperations } from './ask-operations.ts';

/** Who hears of each answer, and of each that did not come. */
export interface Follower {
  onNews(operations: Operations): void | Promise<void>;
  /** The server did not answer, or could not. It is asked again. */
  onSilence(error: unknown): void;
}

const PAUSE_MS = 2_000;
const PATIENCE_MS = 8_000;

/**
 * Asks again and again how the service is, until `until`. What the first question fails with is thrown, and what asking again cannot
 * mend: that the person is signed out, or no longer an admin.
 */
export async function followOperations(service: Service, until: AbortSignal, follower: Follower): Promise<void> {
  let hasBeenTold = false;
  while (!until.aborted) {
    try {
      const operations = await askOperations(service, AbortSignal.any([until, AbortSignal.timeout(PATIENCE_MS)]));
      hasBeenTold = true;
      await follower.onNews(operations);
    } catch (error) {
      if (until.aborted) return;
      if (!hasBeenTold || isFinal(error)) throw error;
      follower.onSilence(error);
    }
    await pause(until);
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof CliError && (error.key === 'notAdministrator' || error.key === 'notSignedIn');
}

async function pause(until: AbortSignal): Promise<void> {
  try {
    await sleep(PAUSE_MS, undefined, { signal: until });
  } catch (error) {
    if (!until.aborted) throw error;
  }
}
