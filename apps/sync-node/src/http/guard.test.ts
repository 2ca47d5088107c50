import { expect, it } from 'vitest';
import { closing, guarded } from './guard.ts';

it('an error ends the connection it is about, and goes no further', () => {
  const told: unknown[] = [];
  const connection = { isClosed: false, close: () => (connection.isClosed = true) };
  const callback = guarded(
    (_: typeof connection, text: string) => {
      throw new Error(text);
    },
    closing((error) => told.push(error)),
  );
  callback(connection, 'from the wire');
  expect(connection.isClosed).toBe(true);
  expect(told).toEqual([new Error('from the wire')]);
});

it('nor does one of a connection that is over already', () => {
  const told: unknown[] = [];
  const over = new Error('Invalid access of discarded');
  const connection = {
    close: () => {
      throw over;
    },
  };
  const first = new Error('first');
  closing((error) => told.push(error))(first, connection);
  expect(told).toEqual([first, over]);
});

it('what goes well is left alone', () => {
  const calls: unknown[] = [];
  guarded(
    (...given: number[]) => calls.push(given),
    () => calls.push('failed'),
  )(1, 2);
  expect(calls).toEqual([[1, 2]]);
});
