import { type KeptConnection, keepConnected } from './keep-connected.ts';

export interface AccessListenerOptions {
  readonly url: string;
  /** Called with the user id whose session or role changed; null when notifications may have been missed. */
  readonly onChange: (userId: string | null) => void;
  /** The connection was lost; a `PostgresSilentError` when Postgres left a question unanswered. */
  readonly onError: (error: Error) => void;
  /** How often the connection is asked whether it lives, in milliseconds. */
  readonly probeIntervalMs?: number;
}

/** Hears of every ended session and changed role, by whatever program made it, and stays connected until disposed. */
export function listenForAccessChanges({ onChange, onError, ...options }: AccessListenerOptions): KeptConnection {
  return keepConnected({
    ...options,
    applicationName: 'meldesync-access',
    onLost: onError,
    onOpen: async (client) => {
      client.on('notification', (message) => onChange(message.payload || null));
      await client.query('listen meldesync_access');
      onChange(null);
    },
  });
}
