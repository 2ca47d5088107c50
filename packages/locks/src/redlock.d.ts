// The package's export map names no types (https://github.com/mike-marcacci/node-redlock/issues/173). This is the part
// of dist/index.d.ts that is used here.
declare module 'redlock' {
  import type { Cluster, Redis } from 'ioredis';

  interface Settings {
    readonly driftFactor: number;
    readonly retryCount: number;
    readonly retryDelay: number;
    readonly retryJitter: number;
  }

  export class Lock {
    readonly resources: string[];
    readonly value: string;
    readonly expiration: number;
    constructor(redlock: Redlock, resources: string[], value: string, attempts: readonly [], expiration: number);
  }

  export class ExecutionError extends Error {
    readonly attempts: readonly Promise<{ readonly votesAgainst: ReadonlyMap<Redis | Cluster, Error> }>[];
  }

  export class ResourceLockedError extends Error {}

  export default class Redlock {
    constructor(clients: Iterable<Redis | Cluster>, settings?: Partial<Settings>);
    acquire(resources: string[], durationMs: number): Promise<Lock>;
    extend(existing: Lock, durationMs: number): Promise<Lock>;
    release(lock: Lock): Promise<unknown>;
  }
}
