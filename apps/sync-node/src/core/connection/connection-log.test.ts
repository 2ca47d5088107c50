import type { NewNotice } from '@meldesync/db';
import { CLOSE_CODES, type Hello } from '@meldesync/protocol';
import { createLogger } from '@meldesync/telemetry';
import { expect, it } from 'vitest';
import { EPOCH, loneConnection, WORKSPACE } from '../../../test/lone-connection.ts';
import type { Closed } from '../closed-by.ts';

function setUp() {
  const lines: Record<string, unknown>[] = [];
  const counted: { reconnects: string[]; closed: Closed[] } = { reconnects: [], closed: [] };
  const noted: NewNotice[] = [];
  let unread = 0;
  const lone = loneConnection({
    buffer: { send: () => true, bufferedBytes: () => unread },
    watch: {
      logger: createLogger({
        name: 'test',
        level: 'info',
        format: 'json',
        write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
      }),
      trail: { note: (notice) => noted.push(notice), untold: () => undefined },
      onReconnect: (reason) => counted.reconnects.push(reason),
      onClosed: (closed) => counted.closed.push(closed),
    },
  });
  const hello = (after?: Hello['after']) =>
    lone.receive({
      type: 'hello',
      workspace: WORKSPACE,
      instance: 'instance-1',
      client: { kind: 'web', version: '1.0.0' },
      after,
    });
  const subscribe = () => lone.receive({ type: 'subscribe', cursor: `${EPOCH}:0-0` });
  return {
    ...lone,
    lines,
    counted,
    noted,
    hello,
    subscribe,
    leave: (bytes: number) => {
      unread = bytes;
    },
  };
}

it('R5.3 a connection that opens says whose it is, by internal ids, and one that was never lost nothing more', async () => {
  const { connection, lines, counted, hello, subscribe } = setUp();
  await hello();
  await subscribe();
  const { id } = connection;
  const whose = {
    connection: id,
    user: 'anna',
    workspace: WORKSPACE,
    kind: 'web',
    version: '1.0.0',
    instance: 'instance-1',
  };
  expect(lines).toMatchObject([{ event: 'connection-opened', ...whose, ageMs: 0 }]);
  expect(counted.reconnects).toEqual([]);
});

it('R5.3 one that is back says how, after how long, and what its client says had ended it', async () => {
  const { lines, counted, hello, subscribe } = setUp();
  await hello({ reason: 'silence', awayMs: 2_000, epoch: EPOCH });
  expect(counted.reconnects).toEqual(['silence']);
  await subscribe();
  const [, back] = lines;
  expect(back).toMatchObject({ event: 'connection-back', reason: 'silence', how: 'nothing' });
  expect(back?.['afterMs']).toBeGreaterThanOrEqual(2_000);
  await subscribe();
  expect(lines).toHaveLength(2);
});

it.each<[string, Hello['after'], string]>([
  ['what it has is of another epoch', { reason: 'drain', awayMs: 1, epoch: '00000001' }, `${EPOCH}:0-0`],
  ['its cursor is', { reason: 'drain', awayMs: 1, epoch: EPOCH }, '00000001:0-0'],
])('R5.3 one that is back by a snapshot says so: %s', async (_, after, cursor) => {
  const { lines, hello, receive, subscribe } = setUp();
  await hello(after);
  await receive({ type: 'subscribe', cursor });
  await subscribe();
  expect(lines.at(-1)).toMatchObject({ event: 'connection-back', reason: 'drain', how: 'snapshot' });
});

it('R5.3 R4.5 one that gets changes further apart, or closer again, says how it does', async () => {
  const { connection, lines, noted, hello, subscribe, receive, leave } = setUp();
  await hello();
  await subscribe();
  await receive({ type: 'ping', sentAt: 1, roundTripMs: 90, applyLagMs: 7 });
  leave(300 * 1024);
  connection.glance();
  connection.glance();
  const quality = { roundTripMs: 90, applyLagMs: 7, bufferedBytes: 300 * 1024 };
  expect(lines.at(-1)).toMatchObject({ event: 'connection-degraded', beforeMs: 0, tierMs: 1_000, ...quality });
  connection.closed(1006);
  expect(lines.at(-1)).toMatchObject({ event: 'connection-closed', code: 1006, by: 'line', tierMs: 1_000, ...quality });
  const whose = {
    actor: 'user:anna',
    sessionId: 's',
    address: '192.0.2.1',
    workspaceId: WORKSPACE,
    subject: `connection:${connection.id}`,
  };
  expect(noted).toMatchObject([
    { ...whose, kind: 'connection-opened', after: { client: 'web', clientVersion: '1.0.0', node: 'node-1' } },
    { ...whose, kind: 'connection-degraded', before: { tierMs: 0 }, after: { tierMs: 1_000, ...quality } },
    { ...whose, kind: 'connection-lost', after: { code: 1006, by: 'line', tierMs: 1_000, ...quality } },
  ]);
});

it.each<[string, (lone: ReturnType<typeof setUp>) => void, Closed]>([
  ['its client', ({ connection }) => connection.closed(1001), { code: 1001, by: 'client' }],
  ['the line', ({ connection }) => connection.closed(1006), { code: 1006, by: 'line' }],
  [
    'the node',
    ({ connection }) => {
      connection.close(CLOSE_CODES.slow, 'too slow');
      connection.closed(1006);
    },
    { code: CLOSE_CODES.slow, by: 'node' },
  ],
])('R5.3 one that ends says by whom, once: %s', async (_, end, closed) => {
  const lone = setUp();
  await lone.hello();
  end(lone);
  expect(lone.lines.slice(1)).toMatchObject([
    { event: 'connection-closed', ...closed, workspace: WORKSPACE, instance: 'instance-1', ageMs: 0 },
  ]);
  expect(lone.lines[1]?.['openMs']).toBeGreaterThanOrEqual(0);
  expect(lone.counted.closed).toEqual([closed]);
});

it('R5.3 one that ends before it has said hello is told of too', () => {
  const { connection, lines } = setUp();
  connection.close(CLOSE_CODES.helloTimeout, 'no hello');
  expect(lines).toMatchObject([
    { event: 'connection-closed', code: CLOSE_CODES.helloTimeout, by: 'node', user: 'anna' },
  ]);
});
