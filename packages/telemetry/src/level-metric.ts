import type { ServiceLevel } from '@meldesync/protocol';
import type { Instruments } from './metrics/instruments.ts';
import type { Measurer } from './metrics-catalogue.ts';

const NUMBERS: Readonly<Record<ServiceLevel, number>> = { normal: 0, reduced: 1, minimal: 2, manual: 3 };

/** Measures at which level a process works; normal until it is told of another. */
export function measureLevel(meter: Pick<Instruments<Measurer>, 'gauge'>): (level: ServiceLevel) => void {
  const gauge = meter.gauge('meldesync.degradation.level');
  gauge.record(NUMBERS.normal);
  return (level) => gauge.record(NUMBERS[level]);
}
