import type { TraceContext } from './trace-context.ts';

const spans = new WeakMap<object, TraceContext>();

/**
 * Remembers in which span an error came up: a line that is logged of it further out names that span. Costs nothing where nothing fails,
 * unlike work that runs `within` a span.
 */
export function keepSpanOf(error: unknown, context: TraceContext): void {
  if (typeof error === 'object' && error !== null && !spans.has(error)) spans.set(error, context);
}

/** The innermost span that the error came up in, where it is known. */
export function spanOfError(error: unknown): TraceContext | undefined {
  return typeof error === 'object' && error !== null ? spans.get(error) : undefined;
}
