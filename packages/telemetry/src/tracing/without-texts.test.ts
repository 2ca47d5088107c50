import { SpanStatusCode } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { withoutTexts } from './without-texts.ts';

it('R5.3 a span of a library says that it failed, and not what the error says', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [withoutTexts(new SimpleSpanProcessor(exporter))] });
  const span = provider.getTracer('a library').startSpan('pg.query');
  span.recordException(new Error('Key (vorgangsnummer)=(GEHEIM) already exists'));
  span.addEvent('asked');
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'Key (vorgangsnummer)=(GEHEIM) already exists' });
  span.end();
  const [exported] = exporter.getFinishedSpans();
  expect(exported?.name).toBe('pg.query');
  expect(exported?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(exported?.events.map(({ name }) => name)).toEqual(['asked']);
});
