import { eventually, startTraceReceiver } from '@meldesync/testkit';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { startTracing } from './start-tracing.ts';

process.env['OTEL_BSP_SCHEDULE_DELAY'] = '50';

it('R5.3 a span of a library says that it failed, and not what the error says', async () => {
  await using receiver = await startTraceReceiver();
  await using _tracing = await startTracing({
    kind: 'worker',
    instance: 'worker',
    version: '0',
    hasActiveSpan: true,
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  const span = trace.getTracer('a library').startSpan('pg.query');
  span.recordException(new Error('Key (vorgangsnummer)=(GEHEIM) already exists'));
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'Key (vorgangsnummer)=(GEHEIM) already exists' });
  span.end();
  await eventually(() => expect(receiver.spans).toHaveLength(1));
  expect(receiver.spans[0]).toMatchObject({ name: 'pg.query', isFailed: true });
  expect(receiver.lines.join()).not.toContain('GEHEIM');
});
