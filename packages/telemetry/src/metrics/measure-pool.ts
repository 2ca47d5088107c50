import type { Measurer } from '../metrics-catalogue.ts';
import type { Instruments } from './instruments.ts';

/** How the connections of a pool stand. */
interface PoolState {
  readonly used: number;
  readonly idle: number;
  readonly waiting: number;
}

/** What is measured of the pool of a process. */
export interface PoolMeasure {
  /** A connection was waited for. */
  readonly onWaited: (waitedMs: number) => void;
  /** Asks the pool how it stands whenever somebody reads the metrics. */
  observe(state: () => PoolState): void;
}

/** Made before the pool, which is to tell of waits from the start. */
export function measurePool(meter: Instruments<Measurer>): PoolMeasure {
  const waitTime = meter.histogram('db.client.connection.wait_time');
  return {
    onWaited: (waitedMs) => waitTime.record(waitedMs / 1_000),
    observe: (state) => {
      meter.observe('db.client.connection.count', (observe) => {
        const { used, idle } = state();
        observe(used, { 'db.client.connection.state': 'used' });
        observe(idle, { 'db.client.connection.state': 'idle' });
      });
      meter.observe('db.client.connection.pending_requests', (observe) => observe(state().waiting));
    },
  };
}
