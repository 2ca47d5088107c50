import { setTimeout } from 'node:timers/promises';
import { CliError } from '../errors.ts';

/** Waits; throws `interrupted` on Ctrl-C. */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(durationMs, undefined, { signal });
  } catch (error) {
    throw new CliError('interrupted', {}, { cause: error });
  }
}
