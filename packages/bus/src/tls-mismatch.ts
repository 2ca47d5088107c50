import { connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

const PATIENCE_MS = 2_000;
/** What every Redis answers, also to who has not signed in: nothing secret is in it. */
const QUESTION = 'PING\r\n';

/**
 * Why a server that was reached does not go on: a Redis without TLS waits for the end of what it takes for a command, and one with TLS hangs
 * up on whoever speaks none. In words that follow on its name; undefined where it is something else, or nobody answers.
 *
 * @param url `redis://…` or `rediss://…`
 */
export async function tlsMismatch(url: string): Promise<string | undefined> {
  const { protocol, hostname, port } = new URL(url);
  const at = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
  if (protocol === 'rediss:') return (await answersPlainly(at)) ? 'speaks no TLS' : undefined;
  return (await shakesHands(at)) ? 'speaks only TLS' : undefined;
}

interface Place {
  readonly host: string;
  readonly port: number;
}

function answersPlainly(at: Place): Promise<boolean> {
  const socket = connect(at, () => socket.write(QUESTION));
  return new Promise<boolean>((resolve) => {
    socket.setTimeout(PATIENCE_MS, () => resolve(false));
    socket.on('data', (data) => resolve(/^[+-][A-Z]+/.test(data.toString('latin1'))));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  }).finally(() => socket.destroy());
}

/** Whose certificate it is does not matter: nothing is said, only heard that it is TLS. */
function shakesHands(at: Place): Promise<boolean> {
  const socket = connectSecurely({ ...at, rejectUnauthorized: false });
  return new Promise<boolean>((resolve) => {
    socket.setTimeout(PATIENCE_MS, () => resolve(false));
    socket.on('secureConnect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  }).finally(() => socket.destroy());
}
