import type { LiveConnection } from '../connection/connection.ts';
import { watchEnvironment } from '../connection/watch-environment.ts';
import type { Unsubscribe } from '../types/unsubscribe.ts';
import type { ClientParts } from './connect.ts';

/** A client from `start` to `stop`, as often as it is started. */
export interface ClientLife {
  readonly isStarted: boolean;
  start(): void;
  stop(): void;
}

interface LifeInput {
  readonly parts: () => ClientParts;
  readonly connection: () => LiveConnection;
}

/** Makes the life of a client that is stopped. */
export function createClientLife({ parts, connection }: LifeInput): ClientLife {
  /** Of this start, so that one that was stopped while it was reading ends; null while stopped. */
  let started: symbol | null = null;
  let unwatch: Unsubscribe = () => undefined;

  const begin = async (own: symbol): Promise<void> => {
    const isWanted = (): boolean => started === own;
    await parts().data.load(isWanted);
    if (isWanted()) connection().dispatch({ type: 'start' });
  };

  return {
    get isStarted() {
      return started !== null;
    },
    start() {
      if (started !== null) return;
      started = Symbol('start');
      const { environment, data, status } = parts();
      unwatch = watchEnvironment(environment, (event) => connection().dispatch(event));
      if (!data.local) {
        connection().dispatch({ type: 'start' });
        return;
      }
      status.connection = { name: 'connecting' };
      status.announce();
      void begin(started);
    },
    stop() {
      if (started === null) return;
      started = null;
      unwatch();
      const { data, http, locks, status } = parts();
      locks.stop();
      data.local?.close();
      connection().dispatch({ type: 'stop' });
      http.puller.stop();
      http.manual.stop();
      data.edits.rejectAll('unavailable');
      if (status.connection.name === 'stopped') return;
      status.connection = { name: 'stopped' };
      status.announce();
    },
  };
}
