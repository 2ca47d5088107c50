import { once } from 'node:events';
import { SUBPROTOCOL, SYNC_PATH } from '@meldesync/protocol';
import { WebSocket } from 'ws';
import { systemCode } from '../system-code.ts';
import { VERSION } from '../version.ts';
import { type Finding, findingsOf } from './finding.ts';

const PATIENCE_MS = 6_000;
const PINGS = 5;
/** R1.2: a change is to be on the screens by then, and goes this way twice. */
const SLOW_MS = 100;

interface SocketCheck {
  /** Origin of the server. */
  readonly server: string;
  readonly token: string;
  /** Id of a workspace of the person; without one nobody is greeted. */
  readonly workspace: string | undefined;
}

/** Opens a WebSocket as a client does: whether it gets through what lies on the way, and how long a message takes there and back. */
export async function checkSocket({ server, token, workspace }: SocketCheck): Promise<Finding[]> {
  const find = findingsOf('websocket');
  const socket = new WebSocket(`${server.replace(/^http/, 'ws')}${SYNC_PATH}`, SUBPROTOCOL, {
    headers: { authorization: `Bearer ${token}` },
    handshakeTimeout: PATIENCE_MS,
  });
  let status: number | undefined;
  socket.on('unexpected-response', (_request, response) => {
    status = response.statusCode;
    socket.terminate();
  });
  // What went wrong rejects whatever waits for the socket; this one is for what comes when nothing does.
  socket.on('error', () => undefined);
  try {
    await once(socket, 'open', { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (workspace === undefined) return [find('ok', 'socketOpens')];
    const hello = { type: 'hello', workspace, client: { kind: 'cli', version: VERSION } };
    const node = (await exchange(socket, hello, 'welcome'))['node'];
    const trips: number[] = [];
    for (let count = 0; count < PINGS; count++) {
      const sentAt = performance.now();
      await exchange(socket, { type: 'ping', sentAt }, 'pong');
      trips.push(performance.now() - sentAt);
    }
    const milliseconds = Math.round(trips.toSorted((one, other) => one - other)[Math.floor(PINGS / 2)] ?? 0);
    const trip = findingsOf('roundTrip');
    return [
      find('ok', 'socketGreets', { node: String(node) }),
      trip(milliseconds > SLOW_MS ? 'warning' : 'ok', milliseconds > SLOW_MS ? 'tripSlow' : 'tripFine', {
        milliseconds,
      }),
    ];
  } catch (error) {
    if (status !== undefined) return [find('failed', 'socketRefused', { status })];
    return [
      find('failed', 'socketFails', { reason: systemCode(error) ?? (socket.readyState > 1 ? 'closed' : 'timeout') }),
    ];
  } finally {
    socket.terminate();
  }
}

/** Sends a message and resolves with the answer of a type; rejects when the socket closes first, or when it takes too long. */
async function exchange(socket: WebSocket, message: object, type: string): Promise<Record<string, unknown>> {
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(PATIENCE_MS)]);
  socket.once('close', () => ending.abort());
  const answer = waitFor(socket, type, signal);
  socket.send(JSON.stringify(message));
  return answer;
}

async function waitFor(socket: WebSocket, type: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  for (;;) {
    const [data] = (await once(socket, 'message', { signal })) as [Buffer];
    const message = JSON.parse(data.toString('utf8')) as Record<string, unknown>;
    if (message['type'] === type) return message;
  }
}
