import { expect, it } from 'vitest';
import { decodeBusMessage, encodeBusFrame, encodeBusRange } from './bus-message.ts';

const FRAME = {
  epoch: '0123abcd',
  id: '18446744073709551615-0',
  prev: '0-0',
  txid: '18446744073709551615',
  changes: 3,
  checksum: 4_503_599_627_370_495,
  json: '{"id":"a","note":"line\\nline"}',
};
const RANGE = { epoch: '0123abcd', from: '0-0', to: '18446744073709551615-4', txid: '77', changes: 2_000, checksum: 0 };

it('a frame comes out as it went in', () => {
  expect(decodeBusMessage(encodeBusFrame(FRAME))).toEqual({ kind: 'frame', frame: FRAME });
});

it('R3.5 a range comes out as it went in', () => {
  expect(decodeBusMessage(encodeBusRange(RANGE))).toEqual({ kind: 'range', range: RANGE });
});

it('R1.1 a frame and a range whose checksum is not known say so', () => {
  const [frame, range] = [
    { ...FRAME, checksum: null },
    { ...RANGE, checksum: null },
  ];
  expect(decodeBusMessage(encodeBusFrame(frame))).toEqual({ kind: 'frame', frame });
  expect(decodeBusMessage(encodeBusRange(range))).toEqual({ kind: 'range', range });
});

it('R4.1 what a relay of the version before sends has no checksum', () => {
  const { epoch, id, prev, txid, changes, json } = FRAME;
  const frame = { ...FRAME, checksum: null };
  const range = { ...RANGE, checksum: null };
  expect(decodeBusMessage(`${epoch} ${id} ${prev} ${txid} ${changes}\n${json}`)).toEqual({ kind: 'frame', frame });
  expect(decodeBusMessage(`range ${epoch} ${RANGE.from} ${RANGE.to} ${RANGE.txid} 2000`)).toEqual({
    kind: 'range',
    range,
  });
});

it.each(['', '\n', 'no line end', '0123abcd 1-0 0-0 7\n{}', ' 1-0 0-0 7 1\n{}', 'range 0123abcd 0-0 1-0 7'])(
  '%j is neither',
  (message) => {
    expect(decodeBusMessage(message)).toBeUndefined();
  },
);
