import type { ServiceLevel } from '@meldesync/protocol';
import { Gauge, type Registry } from 'prom-client';

const NUMBERS: Readonly<Record<ServiceLevel, number>> = { normal: 0, reduced: 1, minimal: 2, manual: 3 };

/** Measures at which level a process works; normal until it is told of another. */
export function measureLevel(registry: Registry): (level: ServiceLevel) => void {
  const gauge = new Gauge({
    name: 'meldesync_degradation_level',
    help: 'How far the cluster saves work (R5.4): 0 normal, 1 reduced, 2 minimal, 3 manual',
    registers: [registry],
  });
  gauge.set(NUMBERS.normal);
  return (level) => gauge.set(NUMBERS[level]);
}
