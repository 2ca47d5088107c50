import { SyncError } from '@meldesync/client';
import { addPasskey } from '../../../api/own-sign-in.ts';
import { withReauthentication } from '../reauthentication.ts';

/** Makes a passkey, after the person has proven who they are where that is long ago. What the browser refuses is `passkey-refused`. */
export async function makePasskey(name: string): Promise<void> {
  try {
    await withReauthentication(() => addPasskey(name));
  } catch (error) {
    throw error instanceof SyncError ? error : new SyncError('passkey-refused', { cause: error });
  }
}
