import {
  epochMs,
  formatTraceparent,
  keepSpanOf,
  parseTraceparent,
  type TraceContext,
  type Tracing,
} from '@meldesync/telemetry';

/** What an attempt at an import is recorded by: a span for it in the trace of the upload, and one below it for each batch. */
export class ImportTrace {
  readonly #tracing: Tracing;
  readonly #parent: TraceContext | undefined;
  readonly #context: TraceContext | undefined;
  readonly #startMs = epochMs();
  #batches = 0;

  /** @param traceparent that of the upload; null where it has none */
  constructor(tracing: Tracing, traceparent: string | null) {
    this.#tracing = tracing;
    this.#parent = parseTraceparent(traceparent);
    this.#context = tracing.isOn ? tracing.begin(this.#parent) : undefined;
  }

  /** Writes a batch, whose changes are to name this trace. */
  async batch<T>(rows: number, write: (traceparent: string | undefined) => Promise<T>): Promise<T> {
    const parent = this.#context;
    if (!parent) return write(undefined);
    const context = this.#tracing.begin(parent);
    const startMs = epochMs();
    this.#batches += 1;
    let failure: string | undefined = 'failed';
    try {
      const written = await this.#tracing.within(context, () => write(formatTraceparent(context)));
      failure = undefined;
      return written;
    } finally {
      const attributes = { 'meldesync.rows': rows };
      this.#tracing.end({ name: 'import batch', context, parent, startMs, endMs: epochMs(), attributes, failure });
    }
  }

  /** Does the work of the attempt: its lines of the log and its statements are part of the span, and so is what it throws. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const context = this.#context;
    if (!context) return work();
    try {
      const done = await this.#tracing.within(context, work);
      this.#ended(context);
      return done;
    } catch (error) {
      this.#ended(context, 'failed');
      keepSpanOf(error, context);
      throw error;
    }
  }

  #ended(context: TraceContext, failure?: string): void {
    this.#tracing.end({
      name: 'import',
      kind: 'consumer',
      context,
      parent: this.#parent,
      startMs: this.#startMs,
      endMs: epochMs(),
      attributes: { 'meldesync.batches': this.#batches },
      failure,
    });
  }
}
