import { expect, it } from 'vitest';
import { DeliveryTally } from './delivery-tally.ts';

it('tells what came to all clients once from what was lost or came twice', () => {
  const tally = new DeliveryTally(3);
  for (const client of [0, 1, 2]) tally.note(client, { record: 7, version: 2, atMs: 1_000 }, 1_010 + client);
  for (const client of [0, 2, 2]) tally.note(client, { record: 7, version: 3, atMs: 2_000 }, 2_005);
  expect(tally.applied).toBe(6);
  expect(tally.report().edits).toEqual([
    { record: 7, version: 2, atMs: 1_000, lastMs: 1_012, clients: 3, repeated: 0 },
    { record: 7, version: 3, atMs: 2_000, lastMs: 2_005, clients: 2, repeated: 1 },
  ]);
  expect(tally.report().edits).toEqual([]);
});
