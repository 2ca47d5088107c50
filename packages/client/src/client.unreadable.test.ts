import type { Frame } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import downVectors from '../../protocol/vectors/down.json' with { type: 'json' };
import { setUpClient } from '../test/client-setup.ts';
import { insert, note } from '../test/intents.ts';
import { bareRecords, expectedRecords } from '../test/reference-feed.ts';

/** A client that is live with two records; `names` are the states of its connection from then on. */
async function setUpLive() {
  const setup = setUpClient();
  setup.node.commit([insert('F-1'), insert('F-2')]);
  setup.node.publish();
  setup.client.start();
  await setup.goLive();
  const names = new Set<string>();
  setup.client.onConnection(({ name }) => names.add(name));
  return { ...setup, names };
}

/** The frame with a first change that has something else at a place. */
const withChange =
  (other: Readonly<Record<string, unknown>>) =>
  (frame: Frame): Frame => ({ ...frame, changes: frame.changes.map((change) => ({ ...change, ...other })) });

describe('words that a client does not know', () => {
  it.each(downVectors.valid.filter(({ name }) => name.startsWith('newer words')))(
    'P44 costs nothing: $name',
    async ({ message }) => {
      const { node, client, run, goLive, errors } = await setUpLive();
      node.send(JSON.stringify(message));
      await run();
      await goLive();
      expect(node.received['hello']).toBe(1);
      expect(errors.map((error) => error.name)).not.toContain('ProtocolViolation');
      expect(client.store.size).toBe(2);
    },
  );

  it.each(['psql', '', 'sql","op":"delete', '\n', 'x'.repeat(10_000)])(
    'P44 R1.1 a change from %j is applied and told as it came',
    async (via) => {
      const { model, node, client, run, names } = await setUpLive();
      const heard: string[] = [];
      client.store.subscribe((changes) => heard.push(...changes.map(({ change }) => change.via)));
      node.commit([note('by hand')]);
      node.publish();
      node.tamper(withChange({ via, weather: 'fine' }));
      await run();
      expect(heard).toEqual([via]);
      expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
      expect([...names]).toEqual([]);
    },
  );
});

describe('what a client cannot read', () => {
  it.each([
    ['a change of no known kind', withChange({ op: 'upsert' })],
    ['a change without a version', withChange({ version: null })],
    ['a field of another type', withChange({ set: { note: 7 } })],
  ])('P45 R1.1 a frame with %s costs a snapshot over the same connection', async (_, change) => {
    const { model, node, client, run, goLive, errors } = await setUpLive();
    node.commit([note('unreadable')]);
    node.publish();
    node.tamper(change);
    await run();
    await goLive();
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect(node.received).toMatchObject({ hello: 1 });
    expect(errors.map((error) => error.message)).toEqual(['frames']);
    node.commit([note('readable')]);
    node.publish();
    await run();
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
  });

  it('P45 R1.1 text of which nothing can be read does so too', async () => {
    const { model, node, client, run, goLive } = await setUpLive();
    node.commit([note('cut off')]);
    node.publish();
    node.loseFrames(1);
    node.send('{"type":"frames","frames":[{"id":"7-0","via":"sql","op":"delete');
    await run();
    await goLive();
    expect(bareRecords(client.store.values())).toEqual(expectedRecords(model));
    expect(node.received).toMatchObject({ hello: 1 });
  });

  it('P45 what comes again and again costs a snapshot at once, and then one every 2.5 s', async () => {
    const { client, node, time, run, goLive } = await setUpLive();
    let loads = 0;
    let before = client.connection.name;
    client.onConnection(({ name }) => {
      if (name === 'loading' && before !== 'loading') loads += 1;
      before = name;
    });
    for (let tenth = 0; tenth < 100; tenth++) {
      if (client.connection.name === 'live') node.send('{"type":"frames","frames":[{');
      await run();
      time.advance(100);
    }
    await goLive();
    expect(loads).toBeGreaterThanOrEqual(4);
    expect(loads).toBeLessThanOrEqual(5);
    expect(node.received['hello']).toBe(1);
  });

  it('P45 what only tells something is passed over', async () => {
    const { node, run, names, errors } = await setUpLive();
    for (const type of ['presence', 'locks', 'tier', 'import', 'pong']) node.send(JSON.stringify({ type, total: 'x' }));
    await run();
    expect([...names]).toEqual([]);
    expect(errors).toHaveLength(5);
  });

  it('P45 an answer fails what was asked, and only that', async () => {
    const { node, client, run, names } = await setUpLive();
    const edit = client.edit([{ record: 1, baseVersion: 1, set: { note: 'mine' } }]);
    const failure = expect(edit).rejects.toMatchObject({ code: 'invalid-message' });
    node.tamperText((text) => text.replace('"accepted"', '"postponed"'));
    await run();
    await failure;
    expect(client.pendingEdits).toBe(0);
    expect([...names]).toEqual(['live']);
  });
});
