import { expect, it } from 'vitest';
import { decodeBusFrame, encodeBusFrame } from './bus-message.ts';

const FRAME = {
  epoch: '0123abcd',
  id: '18446744073709551615-0',
  prev: '0-0',
  txid: '18446744073709551615',
  json: '{"id":"a","note":"line\\nline"}',
};

it('a frame comes out as it went in', () => {
  expect(decodeBusFrame(encodeBusFrame(FRAME))).toEqual(FRAME);
});

it.each(['', '\n', 'no line end', '0123abcd 1-0 0-0\n{}', ' 1-0 0-0 7\n{}'])('%j is no frame', (message) => {
  expect(decodeBusFrame(message)).toBeUndefined();
});
