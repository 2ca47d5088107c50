import { createServer } from 'node:net';

/** Below the ports that Linux takes for outgoing connections (ip_local_port_range, from 32,768). */
const FIRST = 20_000;
const COUNT = 12_000;
const ATTEMPTS = 50;

/**
 * A free port that stays free while its server is away for a while: thousands of clients cannot come to have it as their
 * own end of a connection.
 */
export async function serverPort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!listening) return false;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return true;
}
