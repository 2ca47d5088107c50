import { withTimeout } from '@meldesync/lifecycle';
import type { ReportUnreadable } from '@meldesync/protocol';
import { BusUnavailableError, busAnswer } from './bus-unavailable.ts';
import { connectRedis, type RedisOptions } from './connection.ts';
import { createLevelBoard, type LevelBoard } from './level-board.ts';
import { operationsKeys } from './operations-keys.ts';
import { createStatusBoard, type StatusBoard } from './status-board.ts';
import { createWhenReady } from './when-ready.ts';

/** What Redis keeps of the running of the cluster: how its processes are, and at which level they work. */
export interface OperationsBoard extends Disposable {
  readonly statuses: StatusBoard;
  readonly level: LevelBoard;
}

export interface OperationsBoardOptions extends RedisOptions {
  /** A key held what no process writes. */
  readonly onUnreadable: ReportUnreadable;
  /** Somebody has decided on, or chosen, another level; also after the subscription was broken. */
  readonly onLevel: () => void;
}

/** Whoever asks how the cluster is waits no longer, whatever is asked. */
export const BOARD_LIMIT_MS = 2_000;

/** Connects to Redis: once to ask, once to hear of the level. */
export function createOperationsBoard(options: OperationsBoardOptions): OperationsBoard {
  const limited = { ...options, commandTimeoutMs: BOARD_LIMIT_MS };
  const connections = [connectRedis(limited), connectRedis(limited)] as const;
  const [{ redis }, { redis: subscriber }] = connections;
  const keys = operationsKeys(options.prefix);
  const whenReady = createWhenReady(redis, BOARD_LIMIT_MS);
  const ask = <T>(question: () => Promise<T>): Promise<T> =>
    withTimeout(busAnswer(whenReady().then(question)), BOARD_LIMIT_MS, () => {
      throw new BusUnavailableError({ cause: `no answer within ${BOARD_LIMIT_MS} ms` });
    });
  subscriber.on('message', options.onLevel);
  subscriber.on('ready', () => {
    subscriber.subscribe(keys.channel).then(options.onLevel, options.onConnectionError);
  });
  const parts = { redis, keys, ask, onUnreadable: options.onUnreadable };
  return {
    statuses: createStatusBoard(parts),
    level: createLevelBoard(parts),
    [Symbol.dispose]: () => {
      for (const connection of connections) connection[Symbol.dispose]();
    },
  };
}
