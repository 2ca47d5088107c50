import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate } from 'node:tls';

const HTTPS_PORT = 443;
const PEM = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;

/**
 * Asks the address that people open for its certificate, by the name that they use (SNI), and hangs up. Whether anybody trusts it is
 * not asked: one that is self-signed, or over, is read as well.
 *
 * @param origin `https://…`
 * @returns when the first is over of all that it was shown with, in epoch milliseconds
 * @throws where nothing is shown within the limit, or before the signal ends it
 */
export function servedUntil(origin: string, limitMs: number, signal: AbortSignal): Promise<number> {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: port === '' ? HTTPS_PORT : Number(port),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      rejectUnauthorized: false,
    });
    // Over a name that is not resolved, too, and a server that takes the connection and says nothing.
    const limit = setTimeout(() => socket.destroy(new Error(`no certificate within ${limitMs} ms`)), limitMs);
    socket.once('secureConnect', () => {
      try {
        resolve(firstEnd(chainOf(socket.getPeerCertificate(true)).map(({ valid_to: end }) => end)));
      } catch (error) {
        reject(error);
      }
      socket.destroy();
    });
    socket.on('error', reject);
    const giveUp = (): void => void socket.destroy();
    signal.addEventListener('abort', giveUp, { once: true });
    socket.once('close', () => {
      clearTimeout(limit);
      signal.removeEventListener('abort', giveUp);
      reject(new Error('the connection ended before a certificate was shown'));
    });
  });
}

/** The certificate and those between it and its root, which is the browsers' own and none of the server's. */
function chainOf(shown: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain = [shown];
  let next: DetailedPeerCertificate | undefined = shown.issuerCertificate;
  while (next && !chain.includes(next) && next.issuerCertificate !== next) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

/**
 * Reads the certificates of a PEM file, which may hold a chain, and a key that nobody looks at.
 *
 * @returns when the first of them is over, in epoch milliseconds
 */
export async function fileUntil(path: string): Promise<number> {
  const found = (await readFile(path, 'utf8')).match(PEM) ?? [];
  if (found.length === 0) throw new Error('the file holds no certificate');
  return firstEnd(found.map((pem) => new X509Certificate(pem).validTo));
}

function firstEnd(ends: readonly string[]): number {
  const first = Math.min(...ends.map((end) => Date.parse(end)));
  if (!Number.isFinite(first)) throw new Error('the certificate does not say when it is over');
  return first;
}
