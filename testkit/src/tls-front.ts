import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Certificate } from './certificates.ts';

/** TLS in front of a server that has none, on a port of its own. */
export interface TlsFront extends AsyncDisposable {
  readonly port: number;
  /** How many connections came as far as the server behind. */
  readonly passed: number;
}

export interface TlsFrontOptions {
  /** Of the server behind, on this machine. */
  readonly port: number;
  readonly certificate: Certificate;
  /** Clients ask for TLS as those of Postgres do, in the clear, before it begins. */
  readonly isPostgres?: boolean;
}

/** What a client of Postgres sends before TLS begins has so many bytes; `S` lets it begin. */
const REQUEST_BYTES = 8;

/** Starts one. */
export async function startTlsFront({ port, certificate, isPostgres = false }: TlsFrontOptions): Promise<TlsFront> {
  const open = new Set<Socket>();
  let passed = 0;
  const server = createServer((client) => {
    void accept(client);
  });
  const accept = async (client: Socket): Promise<void> => {
    open.add(client);
    client.on('error', () => client.destroy());
    if (isPostgres) {
      await once(client, 'readable');
      client.read(REQUEST_BYTES);
      client.write('S');
    }
    const secured = new TLSSocket(client, { isServer: true, ...certificate });
    secured.on('error', () => client.destroy());
    secured.once('secure', () => {
      const behind = connect(port, '127.0.0.1');
      open.add(behind);
      passed += 1;
      behind.on('error', () => client.destroy());
      secured.pipe(behind).pipe(secured);
    });
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get passed() {
      return passed;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
