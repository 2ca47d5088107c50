import type { readSettings } from '@meldesync/config';
import type { DegradationLimits, MeasureLimits } from '@meldesync/operations';

type Settings = ReturnType<typeof readSettings<'node'>>;

/** When work is saved, by the settings of a node (R5.4). */
export function degradationLimits(settings: Settings): DegradationLimits {
  return {
    limits: {
      latencyMs: settings.DEGRADE_LATENCY_MS,
      feedSeconds: settings.DEGRADE_FEED_SECONDS,
      feedBytes: settings.DEGRADE_FEED_BYTES,
      errorShare: asShares(settings.DEGRADE_ERRORS_PERCENT),
      memoryShare: asShares(settings.DEGRADE_MEMORY_PERCENT),
      poolWaiting: settings.DEGRADE_POOL_WAITING,
    },
    afterMs: settings.DEGRADE_AFTER_MS,
    backMs: settings.DEGRADE_BACK_MS,
  };
}

function asShares({ reduced, minimal, manual }: MeasureLimits): MeasureLimits {
  return { reduced: reduced / 100, minimal: minimal / 100, manual: manual / 100 };
}
