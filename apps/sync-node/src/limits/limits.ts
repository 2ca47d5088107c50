import { createLimitStore, type RedisOptions } from '@meldesync/bus';
import { type Database, recordSignInEvent } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import { KnownDevices } from './known-devices.ts';
import { createLimitKey } from './limit-key.ts';
import { type RateName, Rates } from './rates.ts';
import { type Guessable, Tries, type Unguessable } from './tries.ts';

/** A limit, as it is counted how often it refused. */
type LimitName = Guessable | Unguessable | RateName;

/** How often secrets are tried and things are done, over all nodes. */
export interface Limits extends Disposable {
  readonly tries: Tries;
  readonly rates: Rates;
  readonly devices: KnownDevices;
}

export interface LimitsOptions {
  readonly redis: RedisOptions;
  /** The same on every node. */
  readonly secret: string;
  readonly database: Database;
  readonly logger: Logger;
  /** Hears of each request that a limit refused. */
  readonly onRefused: (limit: LimitName) => void;
}

/** Makes them; what is counted is in Redis, or in this process while that is away. */
export function createLimits({ redis, secret, database, logger, onRefused }: LimitsOptions): Limits {
  const store = createLimitStore(redis);
  const key = createLimitKey(secret);
  return {
    tries: new Tries({
      store,
      key,
      onRefused,
      onSlowed: async ({ secret: slowed, user, address }) => {
        logger.event('sign-in-slowed', {
          limit: slowed,
          ...(user !== undefined && { user }),
          ...(address !== null && { address }),
        });
        const about = { kind: 'sign-in-slowed', userId: user, address, after: { limit: slowed } } as const;
        await recordSignInEvent(database.drizzle, about);
      },
    }),
    rates: new Rates({ store, key, onRefused }),
    devices: new KnownDevices(secret),
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}
