import type { HttpResponse } from 'uWebSockets.js';
import { expect, it } from 'vitest';
import { HeldBytes, type Holder } from '../budgets/held-bytes.ts';
import { type Body, type BodyLimit, IncomingBody, LOOK_EVERY_MS } from './request-body.ts';

const ANNA: Holder = { kind: 'person', key: 'anna' };
const BEN: Holder = { kind: 'person', key: 'ben' };
const SMALL: BodyLimit = { maxBytes: 4, otherwise: 'unauthenticated', holder: ANNA };
const LARGE: BodyLimit = { maxBytes: 1_000, otherwise: 'payload-too-large', holder: ANNA };

const holding = (all: number, each = all) =>
  new HeldBytes({ person: { all, each }, stranger: { all: 1_000, each: 1_000 }, unknown: { all: 1_000, each: 1_000 } });

/** A request whose body the test sends. */
function request(limit: BodyLimit | Promise<BodyLimit>, held = holding(100), declaredBytes?: number) {
  let onData: (chunk: ArrayBuffer, isLast: boolean) => void = () => undefined;
  const calls: string[] = [];
  const response = {
    onData: (handler: typeof onData) => {
      onData = handler;
    },
    pause: () => calls.push('pause'),
    resume: () => calls.push('resume'),
    close: () => {
      calls.push('close');
      incoming.abort();
    },
  };
  let body: Body | undefined;
  let timer: (() => void) | undefined;
  let look: (() => void) | undefined;
  const incoming = new IncomingBody(response as unknown as HttpResponse, {
    limit,
    declaredBytes,
    held,
    runtime: {
      soon: (callback) => callback(),
      after: (delayMs, callback) => {
        if (delayMs === LOOK_EVERY_MS) {
          look = callback;
          return { cancel: () => void (look = undefined) };
        }
        timer = callback;
        return { cancel: () => calls.push('cancel') };
      },
    },
    done: (done) => {
      calls.push('done');
      body = done;
    },
    onError: (error) => {
      throw error;
    },
  });
  incoming.read();
  return {
    incoming,
    calls,
    timeIsUp: () => timer?.(),
    /** It is looked at so many times whether the body comes fast enough. */
    looked: (times: number) => {
      for (let count = 0; count < times; count++) look?.();
    },
    isLookedAt: () => look !== undefined,
    body: () => (body instanceof Uint8Array ? Buffer.from(body).toString() : body),
    send: (text: string, isLast = false) => {
      const bytes = new TextEncoder().encode(text).buffer;
      onData(bytes, isLast);
      // As uWS does: the chunk dies with the callback.
      structuredClone(bytes, { transfer: [bytes] });
    },
  };
}

it('gives the bytes in their order', () => {
  const { send, body } = request(LARGE);
  send('two ');
  send('chunks', true);
  expect(body()).toBe('two chunks');
});

/** A limit that is known when the test says so. */
function lookedUp() {
  let resolve: (limit: BodyLimit) => void = () => undefined;
  const limit = new Promise<BodyLimit>((known) => {
    resolve = known;
  });
  return {
    limit,
    known: async (as: BodyLimit) => {
      resolve(as);
      await new Promise(setImmediate);
    },
  };
}

it('reads on only when it is known how much the sender may send', async () => {
  const { limit, known } = lookedUp();
  const { send, body, calls } = request(limit);
  send('first ');
  expect(calls).toEqual(['pause']);
  await known(LARGE);
  expect(calls).toEqual(['pause', 'resume']);
  send('second', true);
  expect(body()).toBe('first second');
});

it('a body that is all there before its limit is known waits for it', async () => {
  const { limit, known } = lookedUp();
  const { send, body, calls } = request(limit);
  send('all of it', true);
  expect(body()).toBeUndefined();
  await known(LARGE);
  expect(calls).toEqual(['pause', 'resume', 'done']);
  expect(body()).toBe('all of it');
});

it('of a body that its sender may not send nothing is kept, and the answer follows at once', async () => {
  const held = holding(12);
  const { limit, known } = lookedUp();
  const { send, body } = request(limit, held);
  send('0123456789');
  expect(body()).toBeUndefined();
  await known(SMALL);
  expect(body()).toEqual({ refused: 'unauthenticated' });
  send('0123456789', true);
  expect(held.take(ANNA, 12)).toBe('taken');
});

it('a body that says it is too large is refused before any of it has come', async () => {
  expect(request(SMALL, undefined, 5).body()).toEqual({ refused: 'unauthenticated' });
  const { limit, known } = lookedUp();
  const { body } = request(limit, undefined, 1_001);
  await known(LARGE);
  expect(body()).toEqual({ refused: 'payload-too-large' });
});

it('who was refused while sending is listened to until the end, for a while, or up to a bound', () => {
  const refused = () => {
    const sender = request(SMALL, undefined, 5);
    sender.incoming.endAfterAnswer();
    return sender;
  };
  const short = refused();
  short.send('1234');
  expect(short.calls).toEqual(['done']);
  short.send('5', true);
  expect(short.calls).toEqual(['done', 'close', 'cancel']);
  const slow = refused();
  slow.timeIsUp();
  expect(slow.calls).toEqual(['done', 'close', 'cancel']);
  const long = refused();
  long.send('x'.repeat(1024 * 1024));
  expect(long.calls).toEqual(['done']);
  long.send('x');
  expect(long.calls).toEqual(['done', 'close', 'cancel']);
  const gone = refused();
  gone.incoming.abort();
  gone.send('x', true);
  expect(gone.calls).toEqual(['done', 'cancel']);
});

it('what all senders together send has a bound, and room again when one is done or gone', () => {
  const held = holding(10);
  const first = request(LARGE, held);
  const second = request({ ...LARGE, holder: BEN }, held);
  first.send('12345678', true);
  second.send('123', true);
  expect(second.body()).toEqual({ refused: 'unavailable' });
  first.incoming.release();
  const third = request(LARGE, held);
  third.send('1234567890');
  third.incoming.abort();
  third.incoming.release();
  expect(held.take(ANNA, 10)).toBe('taken');
  expect(held.take(BEN, 1)).toBe('full');
});

it('a request that is aborted while its limit is looked up is left alone', async () => {
  const { limit, known } = lookedUp();
  const { send, incoming, calls } = request(limit);
  send('some');
  incoming.abort();
  await known(LARGE);
  expect(calls).toEqual(['pause']);
});

it('one sender holds no more than their share, also of what came before it was known whose it is', async () => {
  const held = holding(100, 10);
  const first = request(LARGE, held);
  first.send('12345678');
  const { limit, known } = lookedUp();
  const second = request(limit, held);
  second.send('1234');
  await known(LARGE);
  expect(second.body()).toEqual({ refused: 'rate-limited' });
  const others = request({ ...LARGE, holder: BEN }, held);
  others.send('1234567890', true);
  expect(others.body()).toBe('1234567890');
});

it('a body that stalls, or comes too slowly, is refused, and holds nothing any more', () => {
  const held = holding(1_000_000);
  const limit: BodyLimit = { ...LARGE, maxBytes: 1_000_000 };
  const stalled = request(limit, held);
  stalled.send('x'.repeat(15_000));
  stalled.looked(2);
  expect(stalled.body()).toBeUndefined();
  stalled.looked(1);
  expect(stalled.body()).toEqual({ refused: 'request-too-slow' });
  const steady = request(limit, held);
  for (let count = 0; count < 10; count++) {
    steady.send('x'.repeat(25_000));
    steady.looked(1);
  }
  steady.send('', true);
  expect(steady.body()).toBe('x'.repeat(250_000));
  expect(steady.isLookedAt()).toBe(false);
  steady.incoming.release();
  expect(held.take(ANNA, 1_000_000)).toBe('taken');
});

it('nobody is looked at who is gone', () => {
  const gone = request(LARGE);
  gone.incoming.abort();
  expect(gone.isLookedAt()).toBe(false);
});
