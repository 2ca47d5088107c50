import { feedKeys } from '@meldesync/bus';
import { type Cursor, type FramesPage, formatCursor, parseCursor } from '@meldesync/protocol';
import {
  type Cluster,
  callHttp,
  eventually,
  expectProblem,
  startCluster,
  type TestPerson,
  workspacePath,
} from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let cluster: Cluster;
let anna: TestPerson;
let records: number[];

beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, worker: false });
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  records = await cluster.addRecords(3);
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** The cursor of who has everything that is in the feed. */
const cursorNow = async (): Promise<Cursor> => {
  const { cursor } = await cluster.api(anna).snapshotPage(cluster.workspace);
  const { head } = await cluster.api(anna).framesPage(cluster.workspace, { after: cursor });
  return formatCursor(parseCursor(cursor).epoch, head);
};
/** Commits one change after the other, each a frame. */
const change = async (notes: readonly string[]): Promise<void> => {
  for (const note of notes) await cluster.sql('update records set note = $1 where id = $2', [note, records[0]]);
};
const notesOf = ({ frames }: FramesPage): unknown[] =>
  frames.flatMap(({ changes }) => changes.map(({ set }) => set.note));

describe('frames over HTTP', () => {
  it('R4.2 R4.3 brings what was missed, merged, from the cursor to the head', async () => {
    const start = await cursorNow();
    await change(['one', 'two', 'three']);
    await eventually(async () => {
      const page = await cluster.api(anna).framesPage(cluster.workspace, { after: start });
      expect(notesOf(page)).toEqual(['three']);
      expect(page.frames).toMatchObject([{ prev: parseCursor(start).position, id: page.head }]);
      expect(page.next).toBeNull();
    });
  });

  it('is empty for who has everything, on every node', async () => {
    const after = await cursorNow();
    for (const node of [0, 1]) {
      await eventually(async () => {
        const page = await cluster.api(anna, node).framesPage(cluster.workspace, { after });
        expect(page).toEqual({ frames: [], next: null, head: parseCursor(after).position });
      });
    }
  });

  it('sends who cannot be continued to a snapshot: another epoch, a position of the future, one that is no longer kept', async () => {
    const after = await cursorNow();
    const { epoch, position } = parseCursor(after);
    const ask = (cursor: string): Promise<Response> =>
      callHttp(cluster, workspacePath(cluster, `/frames?after=${encodeURIComponent(cursor)}`), { as: anna });
    await expectProblem(await ask(`00000000:${position}`), 'cursor-unknown');
    await expectProblem(await ask(formatCursor(epoch, '99999999999999999999-0')), 'unavailable');
    await expectProblem(await ask(formatCursor(epoch, '1-0')), 'cursor-too-old');
    await expectProblem(await ask('nonsense'), 'bad-request');
    await expectProblem(await ask(''), 'bad-request');
  });

  it('R4.4 does not leave a gap out where Redis has trimmed its stream', async () => {
    // A workspace that no node has in memory yet.
    const workspace = await cluster.addWorkspace('Drittklinik');
    const carl = await cluster.addPerson('Carl', { workspace, role: 'viewer' });
    const [record] = await cluster.addRecords(1, { first: 100, workspace });
    await eventually(async () => {
      const page = await cluster.api(carl).snapshotPage(workspace);
      expect(parseCursor(page.cursor).position).not.toBe('0-0');
    });
    const { cursor } = await cluster.api(carl).snapshotPage(workspace);
    for (const note of ['one', 'two', 'three'])
      await cluster.sql('update records set note = $1 where id = $2', [note, record]);
    await eventually(async () => {
      const page = await cluster.api(carl).framesPage(workspace, { after: cursor });
      expect(notesOf(page)).toEqual(['three']);
    });
    const stream = feedKeys(cluster.redisPrefix).stream(parseCursor(cursor).epoch, workspace);
    await cluster.redis.command('XTRIM', stream, 'MAXLEN', '1');
    await expect(cluster.api(carl, 1).framesPage(workspace, { after: cursor })).rejects.toMatchObject({
      code: 'cursor-too-old',
      retryable: false,
    });
  });

  it('is for members alone', async () => {
    const after = await cursorNow();
    const olga = await cluster.addPerson('Olga', {
      workspace: await cluster.addWorkspace('Zweitklinik'),
      role: 'admin',
    });
    const path = workspacePath(cluster, `/frames?after=${after}`);
    await expectProblem(await callHttp(cluster, path, { as: olga }), 'workspace-not-found');
    await expectProblem(await callHttp(cluster, path), 'unauthenticated');
  });

  it('R4.3 brings a client up to date that has no WebSocket, without a snapshot', async () => {
    const client = cluster.client(anna, { node: 1 });
    client.start();
    await eventually(() => expect(client.connection.name).toBe('live'));
    client.stop();
    await change(['while away']);
    await eventually(async () => {
      await client.refresh();
      expect(client.store.get(records[0] ?? 0)?.note).toBe('while away');
    });
  });
});
