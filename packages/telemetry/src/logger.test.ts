import { trace } from '@opentelemetry/api';
import { expect, it, vi } from 'vitest';
import { EVENTS } from './events/catalogue.ts';
import { FIELDS } from './events/fields.ts';
import { createLogger, type LogLevel } from './logger.ts';
import { keepSpanOf } from './tracing/span-of-error.ts';

function setUp(level: LogLevel) {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({
    name: 'test',
    level,
    format: 'json',
    write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    now: () => 0,
  });
  return { logger, lines };
}

it('R5.3 a line has the name of its event, its level and its text', () => {
  const { logger, lines } = setUp('info');
  logger.event('connection-broke', { err: new Error('gone'), to: 'Redis', purpose: 'locks' });
  expect(lines).toMatchObject([
    { level: 40, event: 'connection-broke', to: 'Redis', purpose: 'locks', msg: 'connection broke: Redis, locks' },
  ]);
});

it('R5.3 the same event of one cause is written once, another cause beside it', () => {
  const { logger, lines } = setUp('info');
  for (let i = 0; i < 90; i++) {
    logger.event('feed-broke-off', { err: Object.assign(new Error('x'), { code: '53100' }) });
    logger.event('feed-broke-off', {
      err: new Error('outer', { cause: Object.assign(new Error('y'), { code: 'ECONNRESET' }) }),
    });
  }
  expect(lines.map(({ event }) => event)).toEqual(['feed-broke-off', 'feed-broke-off']);
});

it('tells of every event from warnings on, written or not', () => {
  const { logger, lines } = setUp('error');
  const heard: string[] = [];
  logger.onLine((level) => heard.push(level));
  logger.event('node-stale', { ageMs: 1 });
  for (let i = 0; i < 3; i++) logger.event('epoch-unread', { err: undefined });
  logger.event('node-live', { ageMs: 1 });
  expect(heard).toEqual(['warn', 'error', 'error', 'error']);
  expect(lines).toHaveLength(1);
});

it('R5.3 the level is changed at any time; debug is switched on, and back to what it was', () => {
  const { logger, lines } = setUp('warn');
  logger.debug({}, 'unheard');
  logger.switchDebug();
  logger.debug({}, 'heard');
  logger.switchDebug();
  expect(logger.level).toBe('warn');
  logger.level = 'info';
  logger.event('node-live', { ageMs: 1 });
  logger.level = 'debug';
  logger.switchDebug();
  expect(logger.level).toBe('info');
  expect(lines.map(({ msg }) => msg)).toEqual([
    'the log level is debug',
    'heard',
    'the log level is warn',
    'the log level is info',
    'this node is live',
  ]);
});

it('R5.3 a line within a span says which; one outside says nothing of it', () => {
  const { logger, lines } = setUp('info');
  const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  const active = vi
    .spyOn(trace, 'getActiveSpan')
    .mockReturnValue(trace.wrapSpanContext({ traceId, spanId, traceFlags: 1 }));
  logger.event('node-live', { ageMs: 1 });
  active.mockRestore();
  logger.event('node-stale', { ageMs: 1 });
  expect(lines[0]).toMatchObject({ trace_id: traceId, span_id: spanId });
  expect(lines[1]).not.toHaveProperty('trace_id');
});

it('R5.3 a line of an error says in which span that came up, the innermost where there are several', () => {
  const { logger, lines } = setUp('info');
  const inner = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', isSampled: true };
  const error = new Error('no connection');
  keepSpanOf(error, inner);
  keepSpanOf(error, { ...inner, spanId: 'c7ad6b7169203331' });
  logger.event('epoch-unread', { err: error });
  expect(lines[0]).toMatchObject({ trace_id: inner.traceId, span_id: inner.spanId });
});

it('every event has a text whose fields it has, and no field is described that none has', () => {
  const used = new Set<string>();
  for (const event of Object.values(EVENTS)) {
    const {
      fields,
      optional = [],
      cause = [],
      says,
    } = { optional: [], cause: [], ...event } as {
      fields: readonly string[];
      optional?: readonly string[];
      cause?: readonly string[];
      says: string;
    };
    for (const name of [...fields, ...optional]) used.add(name);
    expect(fields).toEqual(expect.arrayContaining([...says.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)));
    expect([...fields, ...optional]).toEqual(expect.arrayContaining([...cause]));
  }
  expect(Object.keys(FIELDS).filter((name) => !used.has(name) && name !== 'more')).toEqual([]);
});
