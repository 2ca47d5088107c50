import { DrizzleQueryError } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { isOutage, sqlState } from './errors.ts';

const withCode = (code: string) => Object.assign(new Error('refused'), { code });
const failed = (cause: Error) => new DrizzleQueryError('select $1', ['secret'], cause);

describe('an outage', () => {
  it.each([
    ['a connection that cannot be made', withCode('ECONNREFUSED')],
    ['a connection that breaks while it is written to', failed(withCode('EPIPE'))],
    ['a statement that was not answered', failed(new Error('Connection terminated unexpectedly'))],
    ['one that a library wraps', new Error('Failed to get session', { cause: failed(new Error('timeout exceeded')) })],
    ['a server that shuts down', failed(withCode('57P01'))],
    ['a full disk', failed(withCode('53100'))],
    ['a deadlock', failed(withCode('40P01'))],
    ['a server that takes no writes', failed(withCode('25006'))],
    ['a sign-in that is refused, for the password is another one by now', failed(withCode('28P01'))],
    ['a database that is not there, for it is being put back', failed(withCode('3D000'))],
    ['a transaction that Postgres ended for its silence', failed(withCode('25P03'))],
  ])('%s', (_, error) => expect(isOutage(error)).toBe(true));
});

describe('no outage', () => {
  it.each([
    ['a row that a constraint refuses', failed(withCode('23514'))],
    ['a row that a trigger refuses', failed(withCode('P0001'))],
    ['a statement that takes too long', failed(withCode('57014'))],
    ['a value that cannot be sent', failed(new TypeError('Do not know how to serialize a BigInt'))],
    ['a mistake in the program', new TypeError('undefined is not a function')],
    ['an error that says nothing', new Error('insert returned no row')],
  ])('%s', (_, error) => expect(isOutage(error)).toBe(false));
});

it('the state of an error is found behind what wraps it', () => {
  expect(sqlState(failed(withCode('23505')))).toBe('23505');
  expect(sqlState(new Error('none'))).toBeUndefined();
});
