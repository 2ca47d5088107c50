import { type DownMessage, SUBPROTOCOL, SYNC_PATH, type UpMessage } from '@meldesync/protocol';
import type { Target, Wire } from './wire.ts';

/** As often as the client library. */
const HEARTBEAT_MS = 10_000;

/** MeldeSync's own protocol. */
export function meldesyncWire(target: Extract<Target, { system: 'meldesync' }>): Wire {
  const text = (message: UpMessage) => JSON.stringify(message);
  return {
    url: target.url.replace(/^http/, 'ws') + SYNC_PATH,
    protocols: [SUBPROTOCOL],
    headers: { authorization: `Bearer ${target.token}` },
    opened: (send) =>
      send(text({ type: 'hello', workspace: target.workspace, client: { kind: 'api', version: 'bench' } })),
    take: (received, send) => {
      const message = JSON.parse(received) as DownMessage;
      switch (message.type) {
        case 'frames':
          return { frames: message.frames };
        case 'welcome':
          send(text({ type: 'subscribe', cursor: target.cursor }));
          return undefined;
        case 'subscribed':
          return { ready: true, head: message.head };
        case 'reset':
        case 'error':
          throw new Error(`a node sent ${message.type}`);
        default:
          // About other people, or of a later version.
          return undefined;
      }
    },
    heartbeat: { everyMs: HEARTBEAT_MS, text: () => text({ type: 'ping', sentAt: Date.now() }) },
  };
}
