import { expect, it } from 'vitest';
import { serializeError } from './error-serializer.ts';

const SECRET = '72e8697730449464d1619687be8056980350df7e7ba4c0b28bda87fad9bc8cca';

/** An error with properties, as libraries throw them. */
function errorWith(message: string, properties: Record<string, unknown> = {}, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), properties);
}

it.each([
  [
    'a failed query with its parameters',
    errorWith(`Failed query: select 1\nparams: ${SECRET}`, { query: 'select 1', params: [SECRET] }),
  ],
  [
    'a row that breaks a constraint',
    errorWith('new row violates it', { code: '23514', detail: `Failing row contains (${SECRET})`, where: SECRET }),
  ],
  ['a value that cannot be read', errorWith(`invalid input syntax: "${SECRET}"`, { code: '22P02' })],
  ['what a trigger says', errorWith(`not ${SECRET}`, { code: 'P0001' })],
  ['a failed command of Redis', errorWith('ERR', { command: { name: 'evalsha', args: [SECRET] } })],
  ['a cause', errorWith('outer', {}, errorWith(`inner\nparams: ${SECRET}`, { query: 'x', params: [SECRET] }))],
  ['a cause that is no error', errorWith('outer', {}, { secret: SECRET })],
  [
    'a parameter that looks like a frame',
    errorWith(`Failed query\nparams: a\n    at ${SECRET}`, { query: 'x', params: [] }),
  ],
  ['several errors at once', Object.assign(new AggregateError([new Error(SECRET)], 'many'), {})],
])('R5.1 no data get into the log with %s', (_, error) => {
  expect(error.stack).toBeDefined();
  expect(JSON.stringify(serializeError(error))).not.toContain(SECRET);
});

it('R5.3 says what is needed to find the reason', () => {
  class LostError extends Error {}
  const cause = errorWith('duplicate key', { code: '23505', constraint: 'records_natural_key', table: 'records' });
  const logged = serializeError(new LostError('the feed broke off', { cause }));
  expect(logged).toMatchObject({
    type: 'LostError',
    message: 'the feed broke off',
    cause: {
      type: 'Error',
      message: 'SQLSTATE 23505',
      code: '23505',
      constraint: 'records_natural_key',
      table: 'records',
    },
  });
  expect(logged?.stack).toContain('error-serializer.test.ts');
});

it('keeps the message of a connection that broke, and the code of the system', () => {
  const error = errorWith('connect ECONNREFUSED 127.0.0.1:6379', { code: 'ECONNREFUSED' });
  expect(serializeError(error)).toMatchObject({ message: 'connect ECONNREFUSED 127.0.0.1:6379', code: 'ECONNREFUSED' });
  expect(serializeError(errorWith('the database system is shutting down', { code: '57P03' }))).toMatchObject({
    message: 'the database system is shutting down',
  });
});

it('names the kind of a statement that failed, as of one that a database without writes did not take', () => {
  const refused = errorWith('cannot execute INSERT in a read-only transaction', { code: '25006' });
  const insert = { query: `insert into "auth"."session" values ($1)`, params: [SECRET] };
  expect(serializeError(errorWith('Failed query', insert, refused))).toMatchObject({
    message: 'a query failed: insert',
    cause: { message: 'cannot execute INSERT in a read-only transaction', code: '25006' },
  });
  expect(serializeError(errorWith('x', { query: `${SECRET} x`, params: [] }))).toMatchObject({
    message: 'a query failed',
  });
});

it('does not quote a text that is no JSON', () => {
  let error: unknown;
  try {
    JSON.parse(`note ${SECRET}`);
  } catch (caught) {
    error = caught;
  }
  expect(String(error)).toContain(SECRET.slice(0, 3));
  expect(serializeError(error)?.message).toBe('a text could not be parsed');
  expect(JSON.stringify(serializeError(error))).not.toContain(`note ${SECRET.slice(0, 3)}`);
});

it('does not go round in circles', () => {
  const error = errorWith('outer');
  error.cause = error;
  expect(JSON.stringify(serializeError(error)).length).toBeLessThan(20_000);
});

it.each([undefined, null, 'text', { message: SECRET }])('what is no error is not logged: %j', (value) => {
  expect(serializeError(value)).toBeUndefined();
});
