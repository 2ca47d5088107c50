// Loaded by `--import` before a program: what it imports can then be instrumented. Only where traces are wanted, it loads anything.
import { register } from 'node:module';
import { wantsTraces } from './wants-traces.ts';

if (wantsTraces(process.env)) {
  // First: without the hook a library that is imported rather than required is silently not traced.
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const [{ registerInstrumentations }, { PgInstrumentation }, { IORedisInstrumentation }] = await Promise.all([
    import('@opentelemetry/instrumentation'),
    import('@opentelemetry/instrumentation-pg'),
    import('@opentelemetry/instrumentation-ioredis'),
  ]);
  registerInstrumentations({
    instrumentations: [
      // What nobody asked for, such as heartbeats, is part of no trace. Statements are told as they are written, with places for values: those may be health data.
      new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
      new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
    ],
  });
}
