import { epochMs, formatTraceparent, parseTraceparent, type Tracing } from '@meldesync/telemetry';

/** A file on its way in. */
export interface UploadTrace {
  /** Which trace the import goes on with; undefined where nobody records any. */
  readonly traceparent: string | undefined;
  /** The file waits for a worker. */
  ended(sizeBytes: number): void;
}

/** Begins the trace of an import. Each is recorded, whatever the share of edits: there are few, and they take long. */
export function traceUpload(tracing: Tracing, traceparent: string | undefined): UploadTrace {
  const parent = parseTraceparent(traceparent);
  if (!tracing.isOn) return { traceparent: parent && formatTraceparent(parent), ended: () => undefined };
  const startMs = epochMs();
  const context = { ...tracing.begin(parent), isSampled: true };
  return {
    traceparent: formatTraceparent(context),
    ended: (sizeBytes) =>
      tracing.end({
        name: 'upload',
        kind: 'server',
        context,
        parent,
        startMs,
        endMs: epochMs(),
        attributes: { 'meldesync.bytes': sizeBytes },
      }),
  };
}
