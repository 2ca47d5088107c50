import type pg from 'pg';

/** How the connections of a pool stand. */
export interface PoolState {
  readonly used: number;
  readonly idle: number;
  /** Who waits for one. */
  readonly waiting: number;
}

export function poolStateOf({ totalCount, idleCount, waitingCount }: pg.Pool): PoolState {
  return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}

/** Who asks the pool for a connection by a callback, as its own `query` does. */
type Taken = (error: Error | undefined, client: pg.PoolClient | undefined, release: (end?: boolean) => void) => void;

/** Tells for how long each connection of the pool was waited for, in milliseconds: until it was there, or was not to be had. */
export function watchPool(pool: pg.Pool, onWaited: (waitedMs: number) => void): void {
  const take = pool.connect.bind(pool) as { (): Promise<pg.PoolClient>; (taken: Taken): void };
  const connect = (taken?: Taken): Promise<pg.PoolClient> | void => {
    const askedAt = performance.now();
    const waited = () => onWaited(performance.now() - askedAt);
    if (!taken) return take().finally(waited);
    return take((...answer) => {
      waited();
      taken(...answer);
    });
  };
  Object.assign(pool, { connect });
}
