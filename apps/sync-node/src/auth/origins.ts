const LOOPBACK_HOSTS = ['localhost', '127.0.0.1'];

/**
 * Origins whose pages may use a person's cookie. An address on this machine is allowed under both of its usual names,
 * because people open either.
 */
export function allowedOrigins(baseUrl: string, further: readonly string[]): string[] {
  const base = new URL(baseUrl);
  const names = LOOPBACK_HOSTS.includes(base.hostname) ? LOOPBACK_HOSTS : [base.hostname];
  const own = names.map((name) => `${base.protocol}//${name}${base.port ? `:${base.port}` : ''}`);
  return [...new Set([...own, ...further])];
}
