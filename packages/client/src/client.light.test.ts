import { describe, expect, it } from 'vitest';
import { setUpClient } from '../test/client-setup.ts';
import { insert, note } from '../test/intents.ts';

describe('a client that keeps no records', () => {
  function setUpLight() {
    const news: (number[] | null)[] = [];
    const setup = setUpClient(undefined, {
      keepsRecords: false,
      onNews: (changes) => news.push(changes && changes.map(({ version }) => version)),
    });
    setup.node.commit(Array.from({ length: 11 }, (_, at) => insert(`F-${at}`)));
    setup.node.publish();
    return { ...setup, news };
  }

  it('is live without loading any, and hears what happens', async () => {
    const { client, node, news, run, goLive } = setUpLight();
    client.start();
    await goLive();
    expect([client.store.size, news]).toEqual([0, [null]]);
    node.commit([note('x')]);
    node.publish();
    await run();
    expect([client.store.size, news]).toEqual([0, [null, [2]]]);
  });

  it('R2.1 edits, and is answered at once whatever becomes of the edit', async () => {
    const { client, model, run, goLive } = setUpLight();
    client.start();
    await goLive();
    const [record = 0] = model.records.keys();
    const accepted = client.edit([{ record, baseVersion: 1, set: { note: 'a' } }]);
    await run();
    expect(await accepted).toMatchObject([{ outcome: 'accepted', version: 2 }]);
    const late = client.edit([{ record, baseVersion: 1, set: { note: 'b' } }]);
    await run();
    expect(await late).toMatchObject([{ outcome: 'conflict', baseVersion: 1 }]);
    expect(client.pendingEdits).toBe(0);
  });

  it('R4.2 goes on where it was after a loss of the connection', async () => {
    const { client, node, news, run, goLive, time } = setUpLight();
    client.start();
    await goLive();
    node.close(1006);
    await run();
    node.commit([note('meanwhile')]);
    node.publish();
    time.advance(10_000);
    await goLive();
    await run();
    expect(news).toEqual([null, [2]]);
  });
});
