import { pastForeignKey } from '@meldesync/lifecycle';
import type { ReportUnreadable } from '@meldesync/protocol';
import type { Redis } from 'ioredis';
import type { OperationsKeys } from './operations-keys.ts';

/** A text of a process, and when Redis got it, in its own epoch milliseconds. */
export interface Posted {
  /** Names the process while it runs; another one after each start. */
  readonly process: string;
  readonly at: number;
  readonly text: string;
}

/** What the processes say of themselves. Each of these rejects with a `BusUnavailableError` where Redis does not answer in time. */
export interface StatusBoard {
  /** Says how this process is; it counts for 10 s. */
  post(process: string, status: string): Promise<void>;
  /** This process ends. What happened in it stays in the history. */
  withdraw(process: string): Promise<void>;
  /** Adds to the history of this process; the newest 180 points are kept, for 16 minutes. The moment under which it is kept. */
  note(process: string, point: string): Promise<number>;
  /** How each process was when it said so last. */
  read(): Promise<Posted[]>;
  /** The points of all processes, also of those that have ended, each process's in the order in which it noted them. */
  history(): Promise<Posted[]>;
}

/** How long a status counts. */
const STATUS_TTL_MS = 10_000;
/** A quarter of an hour, at a point each 5 s. */
const HISTORY_POINTS = 180;
const HISTORY_TTL_MS = 16 * 60_000;
/** No date is later; less a day, for what is computed from one. */
const LAST_MOMENT_MS = 8.64e15 - 86_400_000;

export interface StatusBoardOptions {
  readonly redis: Redis;
  readonly keys: OperationsKeys;
  /** Runs what asks Redis, within a limit. */
  readonly ask: <T>(question: () => Promise<T>) => Promise<T>;
  /** A key held what no process writes, and begins anew. */
  readonly onUnreadable: ReportUnreadable;
}

/** Makes one on a connection. */
export function createStatusBoard({ redis, keys, ask, onUnreadable }: StatusBoardOptions): StatusBoard {
  const past = <T>(own: readonly string[], run: () => Promise<T>): Promise<T> =>
    ask(() =>
      pastForeignKey(run, {
        remove: () => redis.del(...own),
        onForeign: () => onUnreadable({ place: 'status-board', reason: 'a key of another type' }),
      }),
    );
  const entry = (process: string, text: string | null | undefined): Posted[] => {
    if (text === null || text === undefined) return [];
    const space = text.indexOf(' ');
    const at = Number(text.slice(0, Math.max(0, space)));
    if (space > 0 && Number.isSafeInteger(at) && at > 0 && at <= LAST_MOMENT_MS)
      return [{ process, at, text: text.slice(space + 1) }];
    onUnreadable({ place: 'status-board', reason: 'no moment' });
    return [];
  };
  return {
    post: async (process, status) => {
      await past([keys.status(process), keys.statuses], () =>
        redis.postStatus(keys.status(process), keys.statuses, process, status, STATUS_TTL_MS),
      );
    },
    withdraw: async (process) => {
      await past([keys.statuses], async () => {
        await redis.del(keys.status(process));
        await redis.srem(keys.statuses, process);
      });
    },
    note: async (process, point) => {
      const own = [keys.history(process), keys.histories] as const;
      return Number(await past(own, () => redis.notePoint(...own, process, point, HISTORY_POINTS, HISTORY_TTL_MS)));
    },
    read: () =>
      past([keys.statuses], async () => {
        const processes = await redis.smembers(keys.statuses);
        if (processes.length === 0) return [];
        const texts = await redis.mget(processes.map(keys.status));
        const gone = processes.filter((_, index) => texts[index] === null);
        // One that is only late says so again, and is back.
        if (gone.length > 0) await redis.srem(keys.statuses, ...gone);
        return processes.flatMap((process, index) => entry(process, texts[index]));
      }),
    history: () =>
      past([keys.histories], async () => {
        const processes = await redis.smembers(keys.histories);
        const found = await Promise.all(
          processes.map(async (process) => {
            const points = await past([keys.history(process)], () =>
              redis.lrange(keys.history(process), -HISTORY_POINTS, -1),
            );
            if (points.length === 0) await redis.srem(keys.histories, process);
            return points.flatMap((text) => entry(process, text));
          }),
        );
        return found.flat();
      }),
  };
}
