import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { followReplication } from './replication-stream.ts';

let server: Server;
let url: string;

/** A message of Postgres' protocol (its documentation, "Message Formats"). */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

const GREETING = [message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))];
const ENDED = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));

beforeEach(async () => {
  server = createServer((socket) => {
    // Greeted and ended in one packet: what a client sees that connects while the server fails over.
    socket.once('data', () => socket.end(Buffer.concat([...GREETING, ENDED])));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  url = `postgres://nobody@127.0.0.1:${typeof address === 'object' ? address?.port : 0}/none`;
});
afterEach(() => {
  server.close();
});

it('R1.5 a connection that ends in the moment it stands fails the pass and not the process', async () => {
  const following = followReplication(
    {
      url,
      slot: 'none',
      fromLsn: '0',
      signal: new AbortController().signal,
      confirmedLsn: () => '0',
      silences: 0,
      onAsked: () => undefined,
    },
    {
      onStart: async () => undefined,
      onChange: () => undefined,
      onCommit: () => undefined,
      onCanary: () => undefined,
      onIdle: () => undefined,
    },
    () => undefined,
  );
  await expect(following).rejects.toMatchObject({ code: '57P01' });
});
