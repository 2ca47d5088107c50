import { expect, it } from 'vitest';
import { loneConnection } from '../../../test/lone-connection.ts';
import { unansweredEdits } from './unanswered-edits.ts';

const NOTE_CHARACTERS = 1_000;

/** An edit of about so many bytes: each item has a note. */
function edit(operation: string, bytes: number) {
  const items = Array.from({ length: Math.ceil(bytes / NOTE_CHARACTERS) }, (_, index) => ({
    record: index + 1,
    baseVersion: 1,
    set: { note: 'n'.repeat(NOTE_CHARACTERS) },
  }));
  return { type: 'edit', operation: `operation-${operation}`, items } as const;
}

/** A connection whose edits wait until they are let go on. */
async function setUp(unanswered = unansweredEdits(9_000, 5_000)) {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const performed: string[] = [];
  const lone = loneConnection({
    watch: { unanswered },
    data: {
      performEdit: async ({ operation }) => {
        performed.push(operation);
        await held;
        return { outcomes: [] };
      },
    },
  });
  await lone.greet();
  return { ...lone, letGo: () => letGo(), performed };
}

it('P19 what a connection has no room for is refused, to be sent again, and nothing of it is carried out', async () => {
  const { receive, sent, letGo, performed } = await setUp();
  const first = [receive(edit('1', 1_500)), receive(edit('2', 1_500))];
  await receive(edit('3', 1_500));
  expect(sent.at(-1)).toEqual({ type: 'error', code: 'rate-limited', operation: 'operation-3' });
  letGo();
  await Promise.all(first);
  expect(performed).toEqual(['operation-1', 'operation-2']);
  await receive(edit('3', 1_500));
  expect(sent.at(-1)).toMatchObject({ type: 'edited', operation: 'operation-3' });
});

it('P19 one connection takes no room from others, and all together no more than the node has', async () => {
  const unanswered = unansweredEdits(9_000, 5_000);
  const connections = await Promise.all([1, 2, 3].map(() => setUp(unanswered)));
  const waiting = connections.slice(0, 2).map(({ receive }) => receive(edit('1', 3_000)));
  await connections[2]?.receive(edit('1', 3_000));
  expect(connections[2]?.sent.at(-1)).toEqual({ type: 'error', code: 'unavailable', operation: 'operation-1' });
  for (const { letGo } of connections) letGo();
  await Promise.all(waiting);
  await connections[2]?.receive(edit('1', 3_000));
  expect(connections[2]?.sent.at(-1)).toMatchObject({ type: 'edited' });
});

it('P19 a connection that ends gives its room back', async () => {
  const unanswered = unansweredEdits(4_000, 4_000);
  const [gone, next] = [await setUp(unanswered), await setUp(unanswered)];
  const waiting = gone.receive(edit('1', 3_000));
  gone.connection.closed(1006);
  gone.letGo();
  await waiting;
  next.letGo();
  await next.receive(edit('2', 3_000));
  expect(next.sent.at(-1)).toMatchObject({ type: 'edited' });
});
