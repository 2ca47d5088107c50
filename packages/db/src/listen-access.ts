import { type KeptConnection, keepConnected } from './keep-connected.ts';

export interface AccessListenerOptions {
  readonly url: string;
  /** Called with the user id whose session or role changed; null when notifications may have been missed. */
  readonly onChange: (userId: string | null) => void;
  /** Called with the id of a workspace in which somebody administered something; null for the installation, or when that may have been missed. */
  readonly onAdministered?: (workspaceId: string | null) => void;
  /** The connection was lost; a `PostgresSilentError` when Postgres left a question unanswered. */
  readonly onError: (error: Error) => void;
  /** How often the connection is asked whether it lives, in milliseconds. */
  readonly probeIntervalMs?: number;
}

/** The channel of what was administered. */
const EVENTS = 'meldesync_events';

/** Hears of every ended session and changed role, by whatever program made it, and stays connected until disposed. */
export function listenForAccessChanges(input: AccessListenerOptions): KeptConnection {
  const { onChange, onAdministered, onError, ...options } = input;
  return keepConnected({
    ...options,
    applicationName: 'meldesync-access',
    onLost: onError,
    onOpen: async (client) => {
      client.on('notification', ({ channel, payload }) => {
        if (channel === EVENTS) onAdministered?.(payload || null);
        else onChange(payload || null);
      });
      await client.query(`listen meldesync_access; listen ${EVENTS}`);
      onChange(null);
      onAdministered?.(null);
    },
  });
}
