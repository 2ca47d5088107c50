import { createServer } from 'node:net';
import { Failure } from './failure.mjs';

/**
 * Listens for a moment, without sharing the port. uWebSockets.js listens with SO_REUSEPORT, so two servers of
 * different programs would silently share a port; this is what notices.
 * @param {number} port 0 for any
 * @param {string} host
 * @returns {Promise<number | undefined>} the port, or undefined where it is taken
 */
function tryToListen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else if (error.code === 'EACCES') reject(new Failure(`Port ${port} needs more rights: choose one above 1023.`));
      // A machine without IPv6 cannot have the port taken there.
      else if (error.code === 'EAFNOSUPPORT' || error.code === 'EADDRNOTAVAIL') resolve(port);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}

/**
 * @param {number} port
 * @param {string[]} [hosts] by default every address of the machine
 */
export async function isPortFree(port, hosts = ['0.0.0.0', '::']) {
  for (const host of hosts) {
    if ((await tryToListen(port, host)) === undefined) return false;
  }
  return true;
}

/**
 * @param {number} port
 * @param {string} setting the setting that chooses it, for the message
 */
export async function requireFreePort(port, setting) {
  if (await isPortFree(port)) return;
  throw new Failure(
    `Port ${port} is taken by another program. Stop that program, or choose another port: ${setting}=${port + 1} npm start`,
  );
}

/** Below the ports that Linux takes for outgoing connections (ip_local_port_range, from 32,768). */
const FIRST_PORT = 20_000;
const PORTS = 12_000;
const ATTEMPTS = 50;

/**
 * A free port on the loopback address: the preferred one where it is free. It stays free while its server is started anew: no client that
 * tries to come back can have it as its own end of a connection.
 * @param {number | undefined} preferred
 * @returns {Promise<number>}
 */
export async function chooseLocalPort(preferred) {
  if (preferred !== undefined && (await tryToListen(preferred, '127.0.0.1')) !== undefined) return preferred;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if ((await tryToListen(port, '127.0.0.1')) !== undefined) return port;
  }
  throw new Failure('This machine has no free port left.');
}
