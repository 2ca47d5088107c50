import { ConfigurationError } from '../exit.ts';
import { aggregate, isAggregate } from './aggregate.ts';
import type { Sink } from './sink.ts';

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '==': (left, right) => left === right,
  '===': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

export interface Threshold {
  /** The metric or a part of it, as the script writes it. */
  readonly key: string;
  readonly source: string;
  readonly aggregate: string;
  readonly comparison: string;
  readonly limit: number;
  readonly abortOnFail: boolean;
  /** How long after the start it may fail without an abort. */
  readonly delayAbortEvalMs: number;
}

interface ThresholdOptions {
  readonly threshold: string;
  readonly abortOnFail?: boolean | undefined;
  readonly delayAbortEval?: number | undefined;
}

export function parseThreshold(key: string, options: ThresholdOptions): Threshold {
  const source = options.threshold;
  const [, name, comparison, limit] =
    /^\s*([a-z]+(?:\([\d.]+\))?)\s*(===|[<>=!]=|[<>])\s*(-?\d+(?:\.\d+)?)\s*$/.exec(source) ?? [];
  if (name === undefined || comparison === undefined || limit === undefined) {
    throw new ConfigurationError(`options.thresholds.${key}: "${source}" is no threshold, such as p(95)<200`);
  }
  return {
    key,
    source,
    aggregate: name,
    comparison,
    limit: Number(limit),
    abortOnFail: options.abortOnFail ?? false,
    delayAbortEvalMs: options.delayAbortEval ?? 0,
  };
}

/** Refuses a threshold on a metric that there is not, or on what metrics of its type do not have. */
export function requireFitting({ key, source, aggregate }: Threshold, sink: Sink | undefined): void {
  if (!sink) throw new ConfigurationError(`options.thresholds.${key}: there is no such metric`);
  if (isAggregate(sink.type, aggregate)) return;
  throw new ConfigurationError(`options.thresholds.${key}: "${source}" does not fit a metric of the type ${sink.type}`);
}

/** The value that a threshold is about, and whether it holds. A metric without a value counts as zero, as in k6. */
export function judge(threshold: Threshold, sink: Sink, seconds: number): { value: number; ok: boolean } {
  const value = aggregate(sink, threshold.aggregate, seconds);
  return { value, ok: COMPARISONS[threshold.comparison]?.(value, threshold.limit) ?? false };
}
