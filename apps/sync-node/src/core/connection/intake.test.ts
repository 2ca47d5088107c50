import { CLOSE_CODES } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import { emptyIntake, type Taken, takeIn } from './intake.ts';

const PING = JSON.stringify({ type: 'ping', sentAt: 1 });

/** What becomes of texts that come at the same time. */
function takeAll(texts: readonly string[]): Taken[] {
  let intake = emptyIntake(0);
  return texts.map((text) => {
    const result = takeIn(intake, text, 0);
    intake = result.intake;
    return result.taken;
  });
}

it('a message is read', () => {
  expect(takeAll([PING])).toEqual([{ outcome: 'message', message: { type: 'ping', sentAt: 1 } }]);
});

it('P25 four texts that are no messages are refused, with the fifth the connection ends, whatever came between', () => {
  const taken = takeAll(['{', '{}', PING, 'null', '[]', PING, '']);
  expect(taken.map(({ outcome }) => outcome)).toEqual([
    'refused',
    'refused',
    'message',
    'refused',
    'refused',
    'message',
    'closed',
  ]);
  expect(taken.at(-1)).toMatchObject({ code: CLOSE_CODES.badRequest });
});

it('P19 P29 what is refused is told with the id by which its sender knows it, as far as that can be read', () => {
  const edit = { type: 'edit', operation: 'operation-1', items: [] };
  const lock = { type: 'lock', request: 'r1', records: [] };
  const taken = takeAll(
    [edit, lock, { ...edit, operation: 7 }, { ...lock, request: '' }].map((one) => JSON.stringify(one)),
  );
  expect(taken).toEqual([
    { outcome: 'refused', to: { operation: 'operation-1' } },
    { outcome: 'refused', to: { request: 'r1' } },
    { outcome: 'refused', to: {} },
    { outcome: 'refused', to: {} },
  ]);
});

it('P24 more messages than the budget has end the connection', () => {
  const taken = takeAll(Array(201).fill(PING));
  expect(taken.filter(({ outcome }) => outcome === 'message')).toHaveLength(200);
  expect(taken.at(-1)).toMatchObject({ outcome: 'closed', code: CLOSE_CODES.rateLimited });
});
