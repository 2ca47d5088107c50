import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSocketOpener } from './socket.ts';

let server: Server | undefined;

afterEach(() => server?.close());

/** A server, or a proxy before it, that answers every handshake with a status. */
async function refusing(status: number): Promise<string> {
  server = createServer().listen(0, '127.0.0.1');
  server.on('upgrade', (_request, socket) => {
    socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
  });
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/sync`;
}

function closeCodeOf(url: string): Promise<number> {
  const socket = createSocketOpener('token')(url, 'meldesync.v1');
  return new Promise((resolve) => {
    Object.assign(socket, { onclose: ({ code }: { code: number }) => resolve(code) });
  });
}

describe('a handshake', () => {
  it.each([
    [401, 4401],
    [403, 4403],
    [502, 1006],
  ])('refused with %i closes with %i', async (status, code) => {
    expect(await closeCodeOf(await refusing(status))).toBe(code);
  });

  it('that nobody answers closes with 1006', async () => {
    expect(await closeCodeOf('ws://127.0.0.1:9/sync')).toBe(1006);
  });
});
