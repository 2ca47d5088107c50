import { WrongSettings } from '@meldesync/config';

/** How many of new traces are recorded, by OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG. */
export interface Sampling {
  readonly ratio: number;
  readonly isSampled: (traceId: string) => boolean;
}

/** The largest number of 52 bits, which are the most that a number holds exactly. */
const MAX_BITS = 2 ** 52;

/**
 * Reads the standard variables (OpenTelemetry specification, "Environment variables"): `always_on`, `always_off`, `traceidratio`, each
 * also as `parentbased_…`, which is how all of them are meant here: whoever begins a trace decides of it. All where nothing is
 * set. Throws `WrongSettings` for anything else.
 */
export function readSampling(environment: Readonly<Record<string, string | undefined>>): Sampling {
  const name = environment.OTEL_TRACES_SAMPLER || 'parentbased_always_on';
  switch (name.replace(/^parentbased_/, '')) {
    case 'always_on':
      return sample(1);
    case 'always_off':
      return sample(0);
    case 'traceidratio': {
      const ratio = Number(environment.OTEL_TRACES_SAMPLER_ARG || '1');
      if (!(ratio >= 0 && ratio <= 1)) throw wrong('OTEL_TRACES_SAMPLER_ARG', 'must be a number from 0 to 1');
      return sample(ratio);
    }
    default:
      throw wrong(
        'OTEL_TRACES_SAMPLER',
        'must be always_on, always_off or traceidratio, or one of these with parentbased_',
      );
  }
}

/** By the trace's id, so that whoever asks decides the same. */
function sample(ratio: number): Sampling {
  const bound = ratio * MAX_BITS;
  return { ratio, isSampled: (traceId) => Number.parseInt(traceId.slice(-13), 16) < bound };
}

function wrong(name: string, problem: string): WrongSettings {
  return new WrongSettings([{ name, problem }]);
}
