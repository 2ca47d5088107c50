import { requireVersion, tlsProblem, UnsupportedServer } from '@meldesync/lifecycle';
import type { Redis } from 'ioredis';
import { CLUSTER_FORMAT, worksBeside } from './cluster-format.ts';
import { openRedisOnce } from './connection.ts';
import { operationsKeys } from './operations-keys.ts';
import { isDenied, lacking, type RedisWorker, requireRedisRights } from './require-redis-rights.ts';
import { tlsMismatch } from './tls-mismatch.ts';

const PATIENCE_MS = 5_000;

export interface RedisNeeds {
  /** `redis://…` or `rediss://…` */
  readonly url: string;
  /** First part of the keys of the cluster that the program joins; none where it joins none there. */
  readonly prefix?: string;
  /** Whose rights are tried, and behind which prefix; none where nobody works with it yet. */
  readonly rights?: { readonly of: RedisWorker; readonly prefix: string };
  /** The oldest version; the oldest that is supported unless given. */
  readonly oldest?: string;
}

/**
 * Asks a Redis or Valkey whether a program can work with it, and resolves with the error if it did not answer or may not say:
 * that it is away is no reason not to start.
 *
 * @throws UnsupportedServer when it is too old, refuses the sign-in, has no such database or does not let its user do what the work takes, or a
 * process is at work in the cluster that this one does not work beside
 */
export async function requireRedis({ url, prefix, rights, oldest }: RedisNeeds): Promise<Error | undefined> {
  const redis = openChecked(url);
  // A sign-in that is refused is told of here alone; what was asked fails because the connection was closed.
  let reported: unknown;
  redis.on('error', (error: unknown) => {
    reported = error;
  });
  try {
    await redis.connect();
    // The driver has done so too, and goes on with database 0 where there is no such one.
    if (redis.options.db) await redis.select(redis.options.db).catch((error: unknown) => rejectDatabase(error, url));
    const info = await redis.info('server');
    const field = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
    // Valkey also names the version of Redis that it can stand in for.
    const valkey = field('valkey_version');
    const found = valkey ?? field('redis_version');
    if (found === undefined) throw new Error('it does not say its version');
    requireVersion(valkey === undefined ? 'Redis' : 'Valkey', found, new URL(url).host, oldest);
    if (rights) await requireRedisRights(redis, url, rights.of, rights.prefix);
    if (prefix !== undefined) await requireNeighbours(redis, prefix);
    return undefined;
  } catch (error) {
    if (error instanceof UnsupportedServer) throw error;
    const refusal = refusalIn(error) ?? refusalIn(reported);
    if (rights && isDenied(error)) throw new UnsupportedServer(lacking(url, rights.of, deniedCommand(error)));
    if (refusal !== undefined) throw new UnsupportedServer(`Redis at ${new URL(url).host} ${refusal}`);
    const problem = tlsProblem(error) ?? tlsProblem(reported) ?? (await tlsMismatch(url));
    if (problem !== undefined)
      throw new UnsupportedServer(
        `Redis at ${new URL(url).host} ${problem}; see host and scheme in REDIS_URL or LOCK_REDIS_URLS, and the authority in REDIS_CA_FILE`,
      );
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    redis.disconnect();
  }
}

/** @throws UnsupportedServer where the file of the authority cannot be read */
function openChecked(url: string): Redis {
  try {
    return openRedisOnce(url, PATIENCE_MS);
  } catch (error) {
    const { path, code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new UnsupportedServer(`REDIS_CA_FILE names a file that cannot be read: ${path} (${code})`);
  }
}

/** What any release says of itself in its status. */
interface Neighbour {
  readonly kind: string;
  readonly name: string;
  readonly format: number;
}

/** Undefined for what cannot be read: it says nothing of a format, and whoever reads the board tells of it. */
function readNeighbour(posted: string | null): Neighbour | undefined {
  try {
    const told: unknown = JSON.parse(posted?.slice(posted.indexOf(' ') + 1) ?? '');
    // Releases that told none had the first.
    const { kind, name, format } = { format: 1, ...(told as Partial<Neighbour>) };
    const isOne = typeof kind === 'string' && typeof name === 'string' && Number.isSafeInteger(format);
    return isOne ? { kind, name, format } : undefined;
  } catch {
    return undefined;
  }
}

/** A status counts for 10 s, so who has ended keeps nobody from starting for longer. */
async function requireNeighbours(redis: Redis, prefix: string): Promise<void> {
  const keys = operationsKeys(prefix);
  const processes = await redis.smembers(keys.statuses);
  if (processes.length === 0) return;
  for (const posted of await redis.mget(processes.map(keys.status))) {
    const neighbour = readNeighbour(posted);
    if (!neighbour || worksBeside(neighbour.format)) continue;
    const { kind, name, format } = neighbour;
    const which = format > CLUSTER_FORMAT ? 'a newer' : 'an older';
    throw new UnsupportedServer(
      `the ${kind} ${name} is at work and is of ${which} release (format ${format}) that this one (format ${CLUSTER_FORMAT}) does not work beside: ` +
        'releases work together with the one before and the one after; go through those in between, or stop all processes first',
    );
  }
}

/** Words that an answer of Redis begins with: the sign-in is refused for what it says, or was missing. */
const REFUSALS: ReadonlySet<string> = new Set(['NOAUTH', 'WRONGPASS']);

function refusalIn(error: unknown): string | undefined {
  const [code = ''] = error instanceof Error ? error.message.split(' ', 1) : [];
  return REFUSALS.has(code)
    ? `refuses the sign-in (${code}); see user and password in REDIS_URL or LOCK_REDIS_URLS`
    : undefined;
}

/** The command that was denied, with what it was about. */
function deniedCommand(error: unknown): string {
  const { name = '', args = [] } = (error as { command?: { name?: string; args?: string[] } }).command ?? {};
  return [name, ...args].join(' ');
}

/** Whether a database is there is asked once the sign-in was accepted: what is refused then is its number. */
function rejectDatabase(error: unknown, url: string): never {
  const isAnswer = error instanceof Error && 'command' in error && refusalIn(error) === undefined;
  const { host, pathname } = new URL(url);
  if (isAnswer)
    throw new UnsupportedServer(
      `Redis at ${host} has no database ${pathname.slice(1)}; see the number at the end of REDIS_URL or LOCK_REDIS_URLS`,
    );
  throw error;
}
