import { describe, expect, it } from 'vitest';
import { setUpClient } from '../../test/client-setup.ts';
import { ATTEND_EVERY_MS } from './attendance.ts';

async function setUp() {
  const setup = setUpClient();
  setup.client.start();
  await setup.goLive();
  await setup.run();
  const records = (): readonly number[] => setup.client.presence.getSnapshot().people[0]?.records ?? [];
  return { ...setup, records };
}

describe('presence', () => {
  it('says who is here while there is a connection, nobody while there is none', async () => {
    const { node, client, goLive, run } = await setUp();
    const here = client.presence.getSnapshot();
    expect(here).toEqual({ people: [{ user: 'a', kinds: ['cli'], records: [] }], total: 1 });
    expect(client.presence.getSnapshot()).toBe(here);
    let calls = 0;
    client.presence.subscribe(() => calls++);
    node.close(1006);
    expect([client.presence.getSnapshot(), calls]).toEqual([{ people: [], total: 0 }, 1]);
    await goLive();
    await run();
    expect(client.presence.getSnapshot().total).toBe(1);
  });

  it('tells what is open, also on the next connection', async () => {
    const { node, client, goLive, run, records } = await setUp();
    client.attend([2, 1, 2]);
    await run();
    expect(records()).toEqual([1, 2]);
    node.close(1006);
    await goLive();
    await run();
    expect(records()).toEqual([1, 2]);
    expect(node.received['attend']).toBe(2);
  });

  it('does not repeat what is known, and of many changes tells the first and the last', async () => {
    const { node, time, client, run, records } = await setUp();
    client.attend([]);
    expect(node.received['attend']).toBeUndefined();
    for (let i = 1; i <= 50; i++) client.attend([i]);
    await run();
    expect([node.received['attend'], records()]).toEqual([1, [1]]);
    time.advance(ATTEND_EVERY_MS);
    client.attend([50]);
    time.advance(ATTEND_EVERY_MS);
    await run();
    expect([node.received['attend'], records()]).toEqual([2, [50]]);
    client.attend([51]);
    client.attend([50]);
    time.advance(2 * ATTEND_EVERY_MS);
    await run();
    expect(records()).toEqual([50]);
  });

  it('tells no more records than a case can have, and leaves no timer behind', async () => {
    const { time, client, run, records } = await setUp();
    client.attend(Array.from({ length: 40 }, (_, i) => i + 1));
    await run();
    expect(records()).toHaveLength(20);
    client.stop();
    expect(time.timers).toBe(0);
  });
});
