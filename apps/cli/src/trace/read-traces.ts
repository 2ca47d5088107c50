import { z } from 'zod';

const keyValue = z.object({
  key: z.string(),
  value: z
    .object({
      stringValue: z.string(),
      boolValue: z.boolean(),
      // OTLP JSON writes 64-bit numbers as strings, some programs as numbers.
      intValue: z.union([z.string(), z.number()]),
      doubleValue: z.number(),
    })
    .partial()
    .optional(),
});

const span = z.object({
  traceId: z.string().min(1),
  spanId: z.string().min(1),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: z.union([z.string(), z.number()]),
  endTimeUnixNano: z.union([z.string(), z.number()]),
  attributes: z.array(keyValue).optional(),
  links: z.array(z.object({ traceId: z.string() })).optional(),
  status: z.object({ code: z.union([z.number(), z.string()]).optional() }).optional(),
});

/** An export as OTLP JSON has it (opentelemetry-proto, "JSON Protobuf Encoding"), as far as it is shown. */
const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(keyValue).optional() }).optional(),
      scopeSpans: z.array(z.object({ spans: z.array(span).optional() })).optional(),
    }),
  ),
});

/** A span, as it is shown. Times are epoch milliseconds. */
export interface TracedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** Service and instance. */
  readonly process: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly links: number;
  readonly isFailed: boolean;
}

const ERROR_CODES: ReadonlySet<unknown> = new Set([2, 'STATUS_CODE_ERROR']);

/**
 * Reads what the collector's file exporter writes: an export a line; or one export, however it is laid out. Undefined for anything
 * else.
 */
export function readTraces(text: string): readonly TracedSpan[] | undefined {
  const whole = parse(text);
  const exports =
    whole === undefined
      ? text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map(parse)
      : [whole];
  const spans: TracedSpan[] = [];
  for (const one of exports) {
    const read = exported.safeParse(one);
    if (!read.success) return undefined;
    for (const { resource, scopeSpans = [] } of read.data.resourceSpans) {
      const of = texts(resource?.attributes);
      const process = [of['service.name'], of['service.instance.id']].filter(Boolean).join(' ');
      spans.push(...scopeSpans.flatMap(({ spans: own = [] }) => own.map((each) => toSpan(each, process))));
    }
  }
  return spans;
}

function toSpan(read: z.infer<typeof span>, process: string): TracedSpan {
  return {
    traceId: read.traceId,
    spanId: read.spanId,
    parentSpanId: read.parentSpanId || undefined,
    name: read.name,
    process,
    startMs: Number(read.startTimeUnixNano) / 1e6,
    endMs: Number(read.endTimeUnixNano) / 1e6,
    attributes: texts(read.attributes),
    links: read.links?.length ?? 0,
    isFailed: ERROR_CODES.has(read.status?.code),
  };
}

function texts(attributes: readonly z.infer<typeof keyValue>[] = []): Record<string, string> {
  return Object.fromEntries(
    attributes.map(({ key, value = {} }) => [
      key,
      String(value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.intValue ?? ''),
    ]),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
