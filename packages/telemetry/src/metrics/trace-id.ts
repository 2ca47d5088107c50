const SAMPLED = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f][13579bdf]$/;

/** The trace that a W3C trace context is of, if that is kept (`sampled`): only such a one can be looked at. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent === undefined ? undefined : SAMPLED.exec(traceparent)?.[1];
}
