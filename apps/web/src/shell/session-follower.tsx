import { useEffect, useEffectEvent } from 'react';
import { api, isSignedOut } from '../api/api.ts';
import { lookWhoIsSignedIn } from '../api/ask-who-is-signed-in.ts';
import { renewKeys } from '../api/device-keys.ts';
import { beforePageIsLeft } from '../api/leave-page.ts';
import { onSessionNews, toldPerson } from '../api/session-news.ts';
import { tellActivity } from '../features/account/tell-activity.ts';
import { editsAreKept } from '../sync/persistence/kept-edits.ts';
import { useSync } from '../sync/sync-context.tsx';
import { useConnection } from '../sync/use-connection.ts';

/**
 * Keeps the connection on the session that the browser has: a new one of the same person is taken up, another person's ends
 * the page, and what is being typed is then kept with the edits that wait.
 */
export function SessionFollower() {
  const { client, user } = useSync();
  const isSessionOver = useConnection().name === 'needs-sign-in';
  const tell = useEffectEvent(async (): Promise<void> => {
    // Who is asked to sign in already is there, and their press must not move what it is on.
    if (isSessionOver) return;
    try {
      await api().tellActive();
    } catch (error) {
      // It has ended: the connection is begun anew, and hears so.
      if (isSignedOut(error)) {
        client.signedOut();
        client.reconnectNow();
      }
      throw error;
    }
  });
  useEffect(() => tellActivity(() => tell()), []);
  useEffect(
    () =>
      beforePageIsLeft(() => {
        // Nothing is sent from here on.
        client.signedOut();
        // An editor that loses the focus saves.
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        return editsAreKept();
      }),
    [client],
  );
  useEffect(
    () =>
      onSessionNews(() => {
        if (toldPerson() !== user.id) return;
        renewKeys(user.id);
        client.signedOut();
        client.reconnectNow();
      }),
    [client, user.id],
  );
  useEffect(() => {
    if (isSessionOver) lookWhoIsSignedIn();
  }, [isSessionOver]);
  return null;
}
