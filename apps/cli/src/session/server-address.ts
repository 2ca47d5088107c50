import { CliError } from '../errors.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The origin of a server as a person writes it: `https://` is added where no scheme is given, `http://` for this
 * machine itself. Throws `invalidServer` on anything that has more than an origin.
 */
export function parseServerAddress(written: string): string {
  const text = written.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const host = /^(\[[^\]]*\]|[^:/]*)/.exec(text)?.[0] ?? '';
  const address = hasScheme ? text : `${LOOPBACK.test(host) ? 'http' : 'https'}://${text}`;
  if (!URL.canParse(address)) throw new CliError('invalidServer', { server: written });
  const url = new URL(address);
  const plain = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (!plain || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new CliError('invalidServer', { server: written });
  }
  return url.origin;
}

/** Whether what is sent to this origin could be read on the way. */
export function isInsecure(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol === 'http:' && !LOOPBACK.test(hostname);
}
