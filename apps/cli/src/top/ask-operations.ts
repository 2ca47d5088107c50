import { SyncError } from '@meldesync/client';
import type { Operations } from '@meldesync/protocol';
import { CliError } from '../errors.ts';
import type { Service } from '../session/service.ts';

/**
 * Asks the server how the whole service is. Throws `notAdministrator`, `notSignedIn`, `serverTooOld` where it does not know
 * the question, and what else the server or the network says.
 */
export async function askOperations({ api, access: { server } }: Service, signal?: AbortSignal): Promise<Operations> {
  try {
    return await api.operations({ signal });
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    if (error.code === 'forbidden') throw new CliError('notAdministrator', {}, { cause: error });
    if (error.code === 'unauthenticated') throw new CliError('notSignedIn', { server }, { cause: error });
    if (error.code === 'not-found') throw new CliError('serverTooOld', { server }, { cause: error });
    throw error;
  }
}
