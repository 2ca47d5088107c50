import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';

/** A span as it was exported. Times are epoch milliseconds. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly service: string;
  readonly instance: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly isFailed: boolean;
}

/** What the receiver does with a request: takes it, never answers, or refuses it so that it is sent again. */
type Manner = 'takes' | 'hangs' | 'refuses';

/** A receiver of traces as OTLP over HTTP/protobuf. */
export interface TraceReceiver extends AsyncDisposable {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Requests that came, taken or not. */
  readonly requests: number;
  /** All that was taken, as lines of OTLP JSON, such as the collector's file exporter writes. */
  readonly lines: readonly string[];
  manner: Manner;
  /** Forgets what came so far. */
  forget(): void;
}

/** The part of opentelemetry-proto 1.x that spans are read by; fields that are not named are passed over. */
const PROTO = `
syntax = "proto3";
message Request { repeated ResourceSpans resourceSpans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scopeSpans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { repeated Span spans = 2; }
message Span {
  bytes traceId = 1; bytes spanId = 2; bytes parentSpanId = 4; string name = 5; int32 kind = 6;
  fixed64 startTimeUnixNano = 7; fixed64 endTimeUnixNano = 8; repeated KeyValue attributes = 9;
  repeated Event events = 11; repeated Link links = 13; Status status = 15;
}
message Event { fixed64 timeUnixNano = 1; string name = 2; repeated KeyValue attributes = 3; }
message Link { bytes traceId = 1; bytes spanId = 2; }
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value { string stringValue = 1; bool boolValue = 2; int64 intValue = 3; double doubleValue = 4; }
}`;

interface KeyValue {
  readonly key: string;
  readonly value?: {
    readonly stringValue?: string;
    readonly boolValue?: boolean;
    readonly intValue?: string;
    readonly doubleValue?: number;
  };
}
interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly KeyValue[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number };
}
interface WireRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValue[] };
    readonly scopeSpans?: readonly { readonly spans?: readonly WireSpan[] }[];
  }[];
}

const STATUS_ERROR = 2;

/** Starts one on a free port. */
export async function startTraceReceiver(): Promise<TraceReceiver> {
  const request = protobuf.parse(PROTO).root.lookupType('Request');
  const spans: ReceivedSpan[] = [];
  const lines: string[] = [];
  let requests = 0;
  let manner: Manner = 'takes';
  const take = (body: Buffer): void => {
    // OTLP JSON writes ids in hexadecimal (OTLP specification, "JSON Protobuf Encoding"), protobuf.js bytes in base64.
    const wire = hexIds(request.toObject(request.decode(body), { longs: String, bytes: String })) as WireRequest;
    lines.push(JSON.stringify(wire));
    spans.push(...spansOf(wire));
  };
  const server = createServer((incoming, response) => {
    requests += 1;
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      if (manner === 'hangs') return;
      if (manner === 'refuses') {
        response.writeHead(503).end();
        return;
      }
      const body = Buffer.concat(parts);
      take(incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    lines,
    get requests() {
      return requests;
    },
    get manner() {
      return manner;
    },
    set manner(wanted) {
      manner = wanted;
    },
    forget: () => {
      spans.length = 0;
      lines.length = 0;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const IDS = new Set(['traceId', 'spanId', 'parentSpanId']);

function hexIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hexIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [
      key,
      IDS.has(key) ? Buffer.from(String(held), 'base64').toString('hex') : hexIds(held),
    ]),
  );
}

function spansOf({ resourceSpans = [] }: WireRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) => {
    const of = record(resource?.attributes);
    return scopeSpans.flatMap(({ spans = [] }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        startMs: Number(span.startTimeUnixNano) / 1e6,
        endMs: Number(span.endTimeUnixNano) / 1e6,
        service: String(of['service.name']),
        instance: String(of['service.instance.id'] ?? ''),
        attributes: record(span.attributes),
        links: span.links ?? [],
        isFailed: span.status?.code === STATUS_ERROR,
      })),
    );
  });
}

function record(attributes: readonly KeyValue[] = []): Record<string, string | number | boolean> {
  return Object.fromEntries(
    attributes.map(({ key, value = {} }) => [
      key,
      value.stringValue ?? value.boolValue ?? value.doubleValue ?? Number(value.intValue),
    ]),
  );
}
