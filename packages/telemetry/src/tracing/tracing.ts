import type { Attributes, MeterProvider } from '@opentelemetry/api';
import type { TraceContext } from './trace-context.ts';

/** A span that is over. Times are epoch milliseconds, by `epochMs`. */
export interface EndedSpan {
  readonly name: string;
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer';
  /** As `begin` made it. */
  readonly context: TraceContext;
  readonly parent?: TraceContext | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes?: Attributes;
  /** What else led to it: spans of other traces, or of which there are too many to be their child. */
  readonly links?: readonly TraceContext[];
  /** Moments within it. */
  readonly events?: readonly { readonly name: string; readonly atMs: number }[];
  /** A word for how it failed. */
  readonly failure?: string | undefined;
  /** It belongs to something that took too long, though it did not itself. */
  readonly isSlow?: boolean;
  /** It happened in a client, which told of it. */
  readonly isOfClient?: boolean;
}

/** So long a span may take before it is exported whatever the sampling says: the promise of R1.2. */
export const SLOW_MS = 100;

/**
 * Records spans that are over. A span of the path of an edit is made when it has ended, from times that were noted: what is neither
 * sampled nor slow nor failed costs no more than that.
 */
export interface Tracing extends AsyncDisposable {
  /** Whether anybody gets what is recorded. */
  readonly isOn: boolean;
  /** Share of new traces that are recorded, from 0 to 1. */
  readonly ratio: number;
  /** A span of the parent's trace, or the first of a new one. */
  begin(parent?: TraceContext): TraceContext;
  /** The spans belong together: all are exported where one is sampled, took longer than `SLOW_MS`, or failed. */
  end(...spans: readonly EndedSpan[]): void;
  /** Says whose metrics tell of spans that are sent and lost; counts from the first span on if it comes before. */
  measuredBy(provider: MeterProvider): void;
  /** What happens in there is part of that span, for whoever asks OpenTelemetry: logs, instrumented libraries. */
  within<T>(context: TraceContext, work: () => T): T;
}

const NOTHING: TraceContext = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), isSampled: false };

/** Nobody gets anything. */
export const NO_TRACING: Tracing = {
  isOn: false,
  ratio: 0,
  begin: (parent) => parent ?? NOTHING,
  end: () => undefined,
  measuredBy: () => undefined,
  within: (_context, work) => work(),
  [Symbol.asyncDispose]: async () => undefined,
};

/** Whether spans that belong together are exported. */
export function isKept(spans: readonly EndedSpan[]): boolean {
  return spans.some(
    ({ context, startMs, endMs, failure, isSlow }) =>
      context.isSampled || isSlow === true || failure !== undefined || endMs - startMs > SLOW_MS,
  );
}
