import { useEffect, useEffectEvent, useRef } from 'react';
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
  const { name } = useConnection();
  const isSessionOver = name === 'needs-sign-in';
  /** A session was taken up, and nothing has come of it yet. */
  const isTrying = useRef(false);
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
  const takeUp = useEffectEvent(async (): Promise<void> => {
    // One-time codes, a password: who changes what they sign in with has another session than the one that ended.
    if (!(await lookWhoIsSignedIn()) || isTrying.current || client.connection.name !== 'needs-sign-in') return;
    isTrying.current = true;
    renewKeys(user.id);
    client.reconnectNow();
  });
  useEffect(() => {
    if (isSessionOver) void takeUp();
  }, [isSessionOver]);
  useEffect(() => {
    if (name === 'live') isTrying.current = false;
  }, [name]);
  return null;
}
