import { type Frame, type FramesPage, parseCursor, type Range } from '@meldesync/protocol';
import {
  type Cluster,
  callHttp,
  connectRaw,
  eventually,
  expectProblem,
  metricOf,
  type RawSocket,
  startCluster,
  startWitness,
  type TestPerson,
  type Witness,
  workspacePath,
} from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MANY = 2_000;
/** So long that a page does not hold it for all of them. */
const LONG_NOTE = 'from the import '.repeat(20);

let cluster: Cluster;
let anna: TestPerson;
let records: number[];
let witness: Witness;

beforeAll(async () => {
  cluster = await startCluster({ worker: false });
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  records = await cluster.addRecords(MANY);
  const [watched = 0] = await cluster.addRecords(1, { first: MANY + 1 });
  witness = await startWitness(cluster, watched);
});
afterAll(() => cluster[Symbol.asyncDispose]());

const changeAll = (note: string) =>
  cluster.sql('update records set note = $1 where id = any($2)', [note, records.slice(1)]);

const changeFirst = (note: string) => cluster.sql('update records set note = $1 where id = $2', [note, records[0]]);

/** The cursor of who has everything that happened so far. */
async function currentCursor(): Promise<string> {
  await witness.seesEdits();
  await eventually(() => expect(witness.client.fetching).toBe(0));
  return witness.cursor;
}

async function subscribe(cursor: string, node = 0): Promise<RawSocket> {
  const socket = await connectRaw(cluster.url(node), { token: anna.token });
  socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } });
  await socket.next('welcome');
  socket.send({ type: 'subscribe', cursor });
  await socket.next('subscribed');
  return socket;
}

const steps = (socket: RawSocket): (Frame | Range)[] =>
  socket.messages.flatMap((message): (Frame | Range)[] => {
    if (message.type === 'frames') return message.frames;
    return message.type === 'range' ? [message] : [];
  });

const getFrames = (query: string, options: { as?: TestPerson; headers?: Record<string, string> } = {}) =>
  callHttp(cluster, workspacePath(cluster, `/frames?${query}`), { as: anna, ...options });

/** Every page from a cursor on, as a client pulls them. */
async function pull(after: string, upto: string): Promise<FramesPage[]> {
  const pages: FramesPage[] = [];
  for (let next: string | null = after; next !== null; ) {
    const response = await getFrames(`after=${next}&upto=${upto}`);
    expect(response.status).toBe(200);
    const page = (await response.json()) as FramesPage;
    pages.push(page);
    next = page.next;
  }
  return pages;
}

it('R3.5 a live edit made during a large transaction comes at once, and the transaction is there to be pulled', async () => {
  const cursor = await currentCursor();
  const sockets = [await subscribe(cursor, 0), await subscribe(cursor, 1)];
  await changeAll(LONG_NOTE);
  // Told of the transaction, of which nobody has pulled anything: a node that looks into the stream before that tells of both in one range.
  const told = (socket: RawSocket) => steps(socket).reduce((sum, step) => sum + ('type' in step ? step.changes : 0), 0);
  for (const socket of sockets) await eventually(() => expect(told(socket)).toBe(MANY - 1));
  await changeFirst('live');
  let upto = '';
  for (const socket of sockets) {
    await eventually(() => expect(steps(socket).at(-1)).toHaveProperty('prev'));
    const frame = steps(socket).at(-1) as Frame;
    // One, or more where the node has looked into the stream while the transaction was on its way there.
    const ranges = steps(socket).slice(0, -1) as Range[];
    upto = parseCursor(cursor).position;
    for (const range of ranges) {
      expect(range).toMatchObject({ type: 'range', from: upto });
      upto = range.to;
    }
    expect(ranges.reduce((sum, { changes }) => sum + changes, 0)).toBe(MANY - 1);
    expect(frame).toMatchObject({ prev: upto, changes: [{ record: records[0], set: { note: 'live' } }] });
  }
  const pages = await pull(cursor, upto);
  expect(pages.length).toBeGreaterThan(1);
  const changes = pages.flatMap(({ frames }) => frames.flatMap((frame) => frame.changes));
  const imported = changes.filter(({ record }) => record !== records[0]);
  expect(new Set(imported.map(({ record }) => record))).toEqual(new Set(records.slice(1)));
  expect(imported.every(({ set }) => set.note === LONG_NOTE)).toBe(true);
  for (const socket of sockets) await socket[Symbol.asyncDispose]();
});

it('R3.5 R4.2 who is far behind gets one range and is live; who missed little gets it pushed', async () => {
  const cursor = await currentCursor();
  const { epoch } = parseCursor(cursor);
  await changeAll('one');
  await changeAll('two');
  for (let round = 0; round < 3; round++) await changeFirst(`round ${round}`);
  await currentCursor();
  await using far = await subscribe(cursor);
  await eventually(() => expect(steps(far).length).toBeGreaterThan(0));
  const [range] = steps(far) as [Range];
  expect(range.type).toBe('range');
  await changeFirst('after');
  await eventually(() => expect(steps(far).at(-1)).toMatchObject({ changes: [{ set: { note: 'after' } }] }));
  const last = steps(far).at(-1) as Frame;

  await using near = await subscribe(`${epoch}:${last.prev}`);
  await eventually(() => expect(steps(near)).toEqual([last]));
  // Each record once, however often it changed.
  const pulled = (await pull(cursor, range.to)).flatMap(({ frames }) => frames.flatMap((frame) => frame.changes));
  expect(pulled.filter(({ record }) => record === records[1]).at(-1)?.set.note).toBe('two');
});

it('R3.5 R1.1 clients of the library end with all of it, and see live edits meanwhile', async () => {
  const { client } = witness;
  await changeAll('seen');
  await witness.seesEdits();
  await eventually(() => {
    expect(records.slice(1).every((id) => client.store.get(id)?.note === 'seen')).toBe(true);
    expect(client.fetching).toBe(0);
  });
  expect(client.connection.name).toBe('live');
});

describe('GET /frames', () => {
  it('R3.5 is made once for all who ask at the same time', async () => {
    const cursor = await currentCursor();
    const encoded = () => metricOf(cluster.nodes[0], 'meldesync_frame_pages_total');
    const before = await encoded();
    await using socket = await subscribe(cursor);
    await changeAll('shared');
    const range = await socket.next('range');
    const pulls = await Promise.all(Array.from({ length: 20 }, () => pull(cursor, range.to)));
    const [pages] = pulls;
    expect(pulls.every((others) => JSON.stringify(others) === JSON.stringify(pages))).toBe(true);
    // The witness has pulled them too.
    await eventually(() => expect(witness.client.fetching).toBe(0));
    expect((await encoded()) - before).toBe(pages?.length);
  });

  it('without upto leads to where the feed stands, and is empty there', async () => {
    const cursor = await currentCursor();
    await changeFirst('a');
    await changeFirst('b');
    await using socket = await subscribe(cursor);
    await eventually(() => expect(steps(socket)).toHaveLength(2));
    const page = (await (await getFrames(`after=${cursor}`)).json()) as FramesPage;
    expect(page).toMatchObject({ frames: [{ changes: [{ record: records[0], set: { note: 'b' } }] }], next: null });
    const head = `${parseCursor(cursor).epoch}:${page.head}`;
    expect(await (await getFrames(`after=${head}`)).json()).toEqual({ frames: [], next: null, head: page.head });
  });

  it('comes plain to who does not take gzip', async () => {
    const cursor = await currentCursor();
    const plain = await getFrames(`after=${cursor}`, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('cache-control')).toBe('no-store');
    expect(await plain.json()).toMatchObject({ frames: [], next: null });
  });

  it('R4.2 says when a cursor is of another epoch, not of this feed, or no longer kept', async () => {
    const cursor = await currentCursor();
    const { epoch, position } = parseCursor(cursor);
    await changeFirst('c');
    await expectProblem(await getFrames(`after=00000000:${position}`), 'cursor-unknown');
    await expectProblem(await getFrames(`after=${epoch}:1-0`), 'cursor-too-old');
  });

  it('asks to come again for what the stream does not have yet', async () => {
    const cursor = await currentCursor();
    await expectProblem(await getFrames(`after=${cursor}&upto=18446744073709551615-0`), 'unavailable');
  });

  it.each(['', 'after=1-0', 'after=00000000:x', 'after=00000000:1-0&upto=x'])('refuses %j', async (query) => {
    await expectProblem(await getFrames(query), 'bad-request');
  });
});
