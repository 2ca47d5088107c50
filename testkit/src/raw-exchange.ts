import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What came back for bytes that were sent as they are. */
export interface RawAnswer {
  /** One character a byte. */
  readonly text: string;
  /** Of the first answer; undefined when none came. */
  readonly status: number | undefined;
  /** The node ended the connection. */
  readonly ended: boolean;
}

/** The node has neither answered nor ended the connection; it may wait for more. */
export class NoAnswerYet extends Error {}

/**
 * Sends bytes to a node, given as its origin, over a connection of their own, one character a byte: whatever that is, it need
 * not be HTTP. Resolves when a whole answer is there or the node has ended the connection; an answer that says it is the last one is
 * waited for to its end. Rejects with `NoAnswerYet` when neither comes for `timeoutMs`.
 */
export async function exchangeRaw(origin: string, bytes: string, timeoutMs = 20_000): Promise<RawAnswer> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  let text = '';
  let ended = false;
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(new NoAnswerYet(`neither answer nor end of the connection to ${JSON.stringify(bytes.slice(0, 200))}`)),
        timeoutMs,
      );
      const over = (isEnd: boolean) => {
        ended ||= isEnd;
        clearTimeout(timer);
        resolve();
      };
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (isWholeAnswer(text)) over(false);
      });
      // What is reset was ended, too.
      socket.on('error', () => over(true));
      socket.on('end', () => over(true));
      socket.on('close', () => over(true));
      socket.on('connect', () => socket.write(Buffer.from(bytes, 'latin1')));
    });
  } finally {
    socket.destroy();
    if (!socket.closed) await once(socket, 'close');
  }
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, ''))?.[1];
  return { text, status: status === undefined ? undefined : Number(status), ended };
}

/** A head, and as much of a body as it says; an upgrade has none. An answer that ends its connection is waited for. */
function isWholeAnswer(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0 || /^connection: close\r?$/im.test(text.slice(0, end))) return false;
  const length = /^content-length: (\d+)\r?$/im.exec(text.slice(0, end))?.[1];
  return text.length >= end + 4 + Number(length ?? 0);
}

/**
 * Sends pieces over a connection of their own, each as a packet, and reads for so long what comes: any number of answers, or none. A number
 * among them is a pause in milliseconds.
 * Resolves sooner where the node ends the connection. One character a byte.
 */
export async function sendPieces(
  origin: string,
  pieces: readonly (string | number)[],
  readMs: number,
): Promise<string> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  let text = '';
  // What is reset was ended, too.
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  await once(socket, 'connect');
  const closed = new Promise((resolve) => {
    socket.on('close', resolve);
  });
  for (const piece of pieces) {
    if (!socket.writable) break;
    if (typeof piece === 'number') await sleep(piece);
    else {
      socket.write(Buffer.from(piece, 'latin1'));
      await new Promise(setImmediate);
    }
  }
  await Promise.race([closed, sleep(readMs)]);
  socket.destroy();
  return text;
}
