import { readFileSync } from 'node:fs';
import { WrongSettings } from '@meldesync/config';

/** An address of Redis as its driver takes it. */
export interface RedisAddress {
  readonly url: string;
  /** The authority whose certificates are trusted, in place of those that the machine trusts. */
  readonly tls?: { readonly ca: string };
}

/**
 * Takes an address apart: `cafile` in it names a file with the authority that has signed the server's certificate, which is checked in any
 * case.
 *
 * @throws what the system says where the file cannot be read
 */
export function redisAddress(address: string): RedisAddress {
  const url = new URL(address);
  const file = url.searchParams.get(CA_FILE);
  if (file === null) return { url: address };
  url.searchParams.delete(CA_FILE);
  return { url: url.href, tls: { ca: readFileSync(file, 'utf8') } };
}

const CA_FILE = 'cafile';

/** Settings of a program that connects to Redis. */
export interface RedisSettings {
  readonly REDIS_URL: string;
  readonly REDIS_CA_FILE: string | undefined;
  readonly LOCK_REDIS_URLS?: readonly string[] | undefined;
}

/**
 * The addresses of Redis with the authority that their certificates are checked against.
 *
 * @throws WrongSettings where there is an authority and one of them is without TLS
 */
export function redisUrls(settings: RedisSettings): { readonly redisUrl: string; readonly lockRedisUrls: string[] } {
  const { REDIS_URL, LOCK_REDIS_URLS = [], REDIS_CA_FILE: file } = settings;
  if (file === undefined) return { redisUrl: REDIS_URL, lockRedisUrls: [...LOCK_REDIS_URLS] };
  const isPlain = (url: string) => new URL(url).protocol !== 'rediss:';
  const plain = { REDIS_URL: isPlain(REDIS_URL), LOCK_REDIS_URLS: LOCK_REDIS_URLS.some(isPlain) };
  const problem = 'must begin with rediss://, since REDIS_CA_FILE is given';
  const problems = Object.entries(plain).flatMap(([name, isWrong]) => (isWrong ? [{ name, problem }] : []));
  if (problems.length > 0) throw new WrongSettings(problems);
  const withFile = (address: string): string => {
    const url = new URL(address);
    url.searchParams.set(CA_FILE, file);
    return url.href;
  };
  return { redisUrl: withFile(REDIS_URL), lockRedisUrls: LOCK_REDIS_URLS.map(withFile) };
}
