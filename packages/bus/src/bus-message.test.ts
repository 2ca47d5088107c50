import { expect, it } from 'vitest';
import { decodeBusMessage, encodeBusFrame, encodeBusRange } from './bus-message.ts';

const FRAME = {
  epoch: '0123abcd',
  id: '18446744073709551615-0',
  prev: '0-0',
  txid: '18446744073709551615',
  changes: 3,
  json: '{"id":"a","note":"line\\nline"}',
};
const RANGE = { epoch: '0123abcd', from: '0-0', to: '18446744073709551615-4', txid: '77', changes: 2_000 };

it('a frame comes out as it went in', () => {
  expect(decodeBusMessage(encodeBusFrame(FRAME))).toEqual({ kind: 'frame', frame: FRAME });
});

it('R3.5 a range comes out as it went in', () => {
  expect(decodeBusMessage(encodeBusRange(RANGE))).toEqual({ kind: 'range', range: RANGE });
});

it.each(['', '\n', 'no line end', '0123abcd 1-0 0-0 7\n{}', ' 1-0 0-0 7 1\n{}', 'range 0123abcd 0-0 1-0 7'])(
  '%j is neither',
  (message) => {
    expect(decodeBusMessage(message)).toBeUndefined();
  },
);
