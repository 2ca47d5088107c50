import { expect, it } from 'vitest';
import { GuardedSocket } from './guarded-socket.ts';

/** A socket that throws once it is over, as that of uWebSockets.js does. */
function fragile() {
  const calls: string[] = [];
  let isOver = false;
  const call = <T>(name: string, answer: T): T => {
    if (isOver) throw new Error(`${name} after the end`);
    calls.push(name);
    return answer;
  };
  const socket = new GuardedSocket({
    send: () => call('send', true),
    end: () => {
      call('end', undefined);
      isOver = true;
    },
    bufferedBytes: () => call('bufferedBytes', 7),
    subscribe: () => call('subscribe', undefined),
    unsubscribeAll: () => call('unsubscribeAll', undefined),
  });
  return { socket, calls };
}

it('a socket that is over is never touched again, whoever ended it', () => {
  for (const end of [(socket: GuardedSocket) => socket.end(4500, ''), (socket: GuardedSocket) => socket.over()]) {
    const { socket, calls } = fragile();
    expect([socket.send('a'), socket.bufferedBytes()]).toEqual([true, 7]);
    end(socket);
    const before = calls.length;
    expect([socket.send('b'), socket.bufferedBytes()]).toEqual([false, 0]);
    socket.subscribe('topic');
    socket.unsubscribeAll();
    socket.end(1000, '');
    expect(calls).toHaveLength(before);
  }
});

it('whoever waits for room hears of it, and of the end', async () => {
  const { socket } = fragile();
  const first = socket.untilDrained();
  socket.drained();
  await first;
  const second = socket.untilDrained();
  socket.end(4508, '');
  await second;
  await socket.untilDrained();
});
