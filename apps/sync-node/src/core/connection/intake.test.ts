import { CLOSE_CODES } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import refusals from '../../../../../packages/protocol/vectors/refusals.json' with { type: 'json' };
import { emptyIntake, type Taken, takeIn } from './intake.ts';

/** What is sent, and the ids that come back with `invalid-message`. */
interface RefusalVector {
  readonly name: string;
  readonly text: string;
  readonly to: { readonly operation?: string; readonly request?: string };
}

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

it.each(refusals.refusals as RefusalVector[])(
  'P19 P25 P29 $name is refused with the ids that its sender wrote',
  ({ text, to }) => {
    expect(takeAll([text])).toEqual([{ outcome: 'refused', to }]);
  },
);

it('P24 more messages than the budget has end the connection', () => {
  const taken = takeAll(Array(201).fill(PING));
  expect(taken.filter(({ outcome }) => outcome === 'message')).toHaveLength(200);
  expect(taken.at(-1)).toMatchObject({ outcome: 'closed', code: CLOSE_CODES.rateLimited });
});
