import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

/** A server that sends back what it gets, behind a proxy. */
async function startEcho(mark?: RegExp): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server has no port');
  const proxy = await startFaultProxy({ port: address.port, ...(mark ? { mark } : {}) });
  opened.push(proxy);
  return proxy;
}

interface Talker {
  say(text: string): void;
  readonly heard: string;
}

async function talkTo(proxy: FaultProxy): Promise<Talker> {
  const socket = connect(proxy.port, '127.0.0.1');
  let heard = '';
  socket.on('data', (data) => {
    heard += data.toString();
  });
  await once(socket, 'connect');
  opened.push({ [Symbol.asyncDispose]: async () => void socket.destroy() });
  return {
    say: (text) => void socket.write(text),
    get heard() {
      return heard;
    },
  };
}

it('only the connections that said something marked fall silent', async () => {
  const proxy = await startEcho(/SUBSCRIBE/);
  const [marked, other] = [await talkTo(proxy), await talkTo(proxy)];
  marked.say('SUBSCRIBE x;');
  other.say('GET x;');
  await eventually(() => expect([marked.heard, other.heard]).toEqual(['SUBSCRIBE x;', 'GET x;']));
  proxy.silenceMarked();
  marked.say('again;');
  other.say('again;');
  await eventually(() => expect(other.heard).toBe('GET x;again;'));
  const late = await talkTo(proxy);
  late.say('SUBSCRIBE y;');
  await eventually(() => expect(late.heard).toBe('SUBSCRIBE y;'));
  expect(marked.heard).toBe('SUBSCRIBE x;');
  expect(proxy.silenced).toBe(1);
});

it('counts each connection once that falls silent, also those that come later', async () => {
  const proxy = await startEcho();
  await Promise.all([talkTo(proxy), talkTo(proxy)]);
  proxy.silence();
  await eventually(() => expect(proxy.silenced).toBe(2));
  proxy.silence();
  await talkTo(proxy);
  await eventually(() => expect(proxy.silenced).toBe(3));
});

it('nothing overtakes anything on a bad line, also when it gets better', async () => {
  const proxy = await startEcho();
  const talker = await talkTo(proxy);
  expect(proxy.lagged).toBe(0);
  proxy.lag({ delayMs: 20, lossShare: 0.5, resendMs: 40 });
  let said = '';
  for (let count = 0; count < 30; count++) {
    said += `${count};`;
    talker.say(`${count};`);
    if (count === 20) await eventually(() => expect(talker.heard).not.toBe(''));
    if (count === 25) proxy.lag(null);
    await new Promise(setImmediate);
  }
  await eventually(() => expect(talker.heard).toBe(said));
});
