import { CLOSE_CODES, MAX_UP_MESSAGE_BYTES } from '@meldesync/protocol';
import { eventually } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { setUpSockets } from './socket-setup.ts';

/** Codes of the transport (RFC 6455 §7.4.1). */
const CUT = 1006;
const MESSAGE_TOO_BIG = 1009;

const { cluster, anna, record, witness, greeted, edit, version } = await setUpSockets();

describe('a message that breaks the protocol', () => {
  it.each([
    ['no JSON', '{"type":"hello"'],
    ['nothing', ''],
    ['a JSON value that is no object', '"hello"'],
    ['null', 'null'],
    ['a type that does not exist', '{"type":"delete-everything"}'],
    ['no type', '{"cursor":"00000000:0-0"}'],
    ['a cursor that is none', '{"type":"subscribe","cursor":"0-0"}'],
    ['a ping without its time', '{"type":"ping"}'],
    ['an edit without items', '{"type":"edit","operation":"operation-1","items":[]}'],
    [
      'a workspace in capitals',
      '{"type":"hello","workspace":"6F1C0A7E-58A4-4D0E-9A53-0C1F6A2B7D10","client":{"kind":"web","version":"1"}}',
    ],
    ['deep nesting', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['a prototype to set', '{"__proto__":{"type":"ping","sentAt":1}}'],
  ])('P25 is refused and the connection lives on: %s', async (_, text) => {
    const socket = await greeted();
    socket.sendRaw(text);
    const operation = text.includes('"operation-1"') ? { operation: 'operation-1' } : {};
    expect(await socket.next('error')).toEqual({ type: 'error', code: 'invalid-message', ...operation });
    socket.send({ type: 'ping', sentAt: 7 });
    expect(await socket.next('pong')).toMatchObject({ sentAt: 7 });
  });

  it.each([
    ['an unknown field of a record', { set: { ibe: 'IBE+' } }],
    ['a field of another type', { set: { done: 'yes' } }],
    ['no field at all', { set: {} }],
    ['a note too long', { set: { note: 'x'.repeat(2_001) } }],
    ['a version of 0', { baseVersion: 0 }],
    ['a version that is no integer', { baseVersion: 1.5 }],
    ['a record beyond 2^53', { record: 2 ** 53 }],
    ['an unknown member', { force: true }],
  ])('P16 an edit with %s writes nothing', async (_, change) => {
    const socket = await greeted();
    const before = await version();
    const item = { record, baseVersion: before, set: { note: 'x' }, ...change };
    socket.sendRaw(JSON.stringify({ type: 'edit', operation: 'operation-1', items: [item] }));
    expect(await socket.next('error')).toMatchObject({ code: 'invalid-message' });
    expect(await version()).toBe(before);
  });

  it('P25 five of them end the connection', async () => {
    const socket = await greeted();
    for (let count = 0; count < 5; count++) socket.sendRaw('no JSON');
    expect(await socket.closeCode()).toBe(CLOSE_CODES.badRequest);
    expect(socket.messages.filter((message) => message.type === 'error')).toHaveLength(4);
  });

  it('P3 binary ends the connection', async () => {
    const socket = await greeted();
    socket.sendRaw(new Uint8Array([1, 2, 3]));
    expect(await socket.closeCode()).toBe(CLOSE_CODES.badRequest);
  });

  it('P24 one that is too large ends the connection; the largest that is allowed does not', async () => {
    const padded = (bytes: number) => `{"type":"ping","sentAt":1${' '.repeat(bytes - 26)}}`;
    const socket = await greeted();
    socket.sendRaw(padded(MAX_UP_MESSAGE_BYTES));
    await socket.next('pong');
    socket.sendRaw(padded(MAX_UP_MESSAGE_BYTES + 1));
    expect(await socket.closeCode()).toBe(MESSAGE_TOO_BIG);
    const huge = await greeted();
    huge.sendRaw(padded(4 * MAX_UP_MESSAGE_BYTES));
    expect(await huge.closeCode()).toBe(CUT);
  });

  it('P24 too many messages at a time end the connection', async () => {
    const socket = await greeted();
    for (let count = 0; count < 400; count++) socket.send({ type: 'ping', sentAt: count });
    expect(await socket.closeCode()).toBe(CLOSE_CODES.rateLimited);
  });
});

describe('subscribing', () => {
  it('P8 P13 gives every frame after the cursor, in an unbroken chain, then live ones', async () => {
    const start = witness.cursor;
    for (let count = 0; count < 5; count++) {
      await cluster.sql('update records set note = $1 where id = $2', [`missed ${count}`, record]);
    }
    const before = await version();
    await eventually(() => expect(witness.client.store.get(record)?.version).toBe(before));
    const socket = await greeted();
    socket.send({ type: 'subscribe', cursor: start });
    await socket.next('subscribed');
    await cluster.sql(`update records set note = 'live' where id = $1`, [record]);
    const received = () => socket.messages.flatMap((message) => (message.type === 'frames' ? message.frames : []));
    await eventually(() => expect(received().at(-1)?.changes[0]).toMatchObject({ version: before + 1 }));
    expect(received().map((frame) => frame.prev)).toEqual([
      start.split(':')[1],
      ...received()
        .slice(0, -1)
        .map((frame) => frame.id),
    ]);
  });

  it('P14 a cursor of another epoch leads to a snapshot', async () => {
    const socket = await greeted();
    socket.send({ type: 'subscribe', cursor: 'ffffffff:0-0' });
    expect(await socket.next('reset')).toEqual({ type: 'reset', reason: 'epoch' });
  });

  it('P14 a cursor from the future leads to a snapshot', async () => {
    const socket = await greeted();
    const [epoch] = witness.cursor.split(':');
    socket.send({ type: 'subscribe', cursor: `${epoch}:18446744073709551615-0` });
    expect(await socket.next('reset')).toEqual({ type: 'reset', reason: 'unknown' });
  });

  it('P14 a cursor that no frame has leads to a snapshot', async () => {
    const socket = await greeted();
    const [epoch] = witness.cursor.split(':');
    socket.send({ type: 'subscribe', cursor: `${epoch}:1-0` });
    expect(await socket.next('reset')).toEqual({ type: 'reset', reason: 'too-old' });
    // Nothing is sent to it until it subscribes with a cursor that can be continued.
    socket.send({ type: 'subscribe', cursor: witness.cursor });
    await socket.next('subscribed');
  });

  it('P15 may be repeated: the feed goes on from the new cursor', async () => {
    const socket = await greeted();
    const cursor = witness.cursor;
    socket.send({ type: 'subscribe', cursor });
    await socket.next('subscribed');
    await cluster.sql(`update records set note = 'again' where id = $1`, [record]);
    const first = await socket.next('frames');
    socket.send({ type: 'subscribe', cursor });
    await socket.next('subscribed');
    // It is no longer sent as it comes.
    const { sentAt, ...missed } = first;
    expect(sentAt).toBeTypeOf('number');
    expect(await socket.next('frames')).toEqual(missed);
  });

  it('P13 nothing is sent before subscribe', async () => {
    const socket = await greeted();
    const before = await version();
    await cluster.sql(`update records set note = 'unheard' where id = $1`, [record]);
    await eventually(() => expect(witness.client.store.get(record)?.version).toBe(before + 1));
    socket.send({ type: 'ping', sentAt: 1 });
    await socket.next('pong');
    expect(socket.messages.map((message) => message.type)).toEqual(['welcome', 'pong']);
  });
});

describe('edits', () => {
  it('P17 P20 are answered in the order they came, each once, with the outcomes of its items', async () => {
    const socket = await greeted();
    const base = await version();
    for (let count = 0; count < 20; count++) {
      socket.send({
        type: 'edit',
        operation: `in-order-${count}`,
        items: [{ record, baseVersion: base + count, set: { note: `in order ${count}` } }],
      });
    }
    await eventually(() => expect(socket.messages).toHaveLength(21));
    expect(socket.messages.slice(1)).toEqual(
      Array.from({ length: 20 }, (_, count) => ({
        type: 'edited',
        operation: `in-order-${count}`,
        outcomes: [{ record, outcome: 'accepted', version: base + count + 1 }],
      })),
    );
  });

  it('P17 R2.1 R2.2 on an old version is a conflict with the record as it stands', async () => {
    const socket = await greeted();
    const base = await version();
    await cluster.sql(`update records set note = 'someone was first' where id = $1`, [record]);
    socket.send({
      type: 'edit',
      operation: 'too-late-1',
      items: [{ record, baseVersion: base, set: { note: 'mine' } }],
    });
    expect(await socket.next('edited')).toMatchObject({
      outcomes: [
        {
          record,
          outcome: 'conflict',
          baseVersion: base,
          current: { id: record, version: base + 1, note: 'someone was first', updatedBy: 'db:postgres' },
        },
      ],
    });
  });

  it('P18 under the same operation id get the first answer again, on another connection too', async () => {
    const first = await greeted();
    const again = await greeted();
    const message = await edit('sent-twice');
    first.send(message);
    const answer = await first.next('edited');
    again.send(message);
    expect(await again.next('edited')).toEqual(answer);
    expect(answer.outcomes[0]).toMatchObject({ outcome: 'accepted', version: await version() });
  });

  it('P16 P19 with the same record twice are refused as a whole', async () => {
    const socket = await greeted();
    const message = await edit('same-record-twice');
    socket.send({ ...message, items: [...message.items, ...message.items] });
    expect(await socket.next('error')).toEqual({
      type: 'error',
      code: 'invalid-field',
      operation: 'same-record-twice',
    });
  });

  it.each(['short', 'with.a-sign', 'x'.repeat(65)])(
    'P19 under an id %s that is none are refused with that id',
    async (operation) => {
      const socket = await greeted();
      socket.send({ ...(await edit('of-no-id')), operation });
      expect(await socket.next('error')).toEqual({ type: 'error', code: 'invalid-message', operation });
    },
  );

  it('P19 with a text that cannot be stored are refused as a whole', async () => {
    const socket = await greeted();
    socket.send(await edit('with-a-nul', 'a\0b'));
    expect(await socket.next('error')).toMatchObject({ code: 'invalid-field', operation: 'with-a-nul' });
  });

  it('P16 of more than 500 records are refused', async () => {
    const socket = await greeted();
    const items = Array.from({ length: 501 }, (_, index) => ({
      record: index + 1,
      baseVersion: 1,
      set: { done: true },
    }));
    socket.send({ type: 'edit', operation: 'too-many-items', items });
    expect(await socket.next('error')).toMatchObject({ code: 'invalid-message' });
  });

  it('R1.2 R5.1 reach everyone with who made them, from where and under which operation', async () => {
    const socket = await greeted();
    socket.send({ type: 'subscribe', cursor: witness.cursor });
    await socket.next('subscribed');
    const message = await edit('told-to-everyone');
    socket.send(message);
    await eventually(() => {
      const changes = socket.messages
        .flatMap((one) => (one.type === 'frames' ? one.frames : []))
        .flatMap((one) => one.changes);
      expect(changes.at(-1)).toMatchObject({
        record,
        op: 'update',
        set: { note: 'told-to-everyone' },
        by: `user:${anna.id}`,
        via: 'web',
        operation: 'told-to-everyone',
      });
    });
    await eventually(() => expect(witness.client.store.get(record)?.updatedBy).toBe(`user:${anna.id}`));
  });
});
