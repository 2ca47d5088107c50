import { expect, it } from 'vitest';
import { Audience } from './audience.ts';
import type { ClientSocket } from './client-socket.ts';

/** Sockets and their topics, without a limit. */
function setUp() {
  const sockets: { topics: Set<string>; heard: string[]; socket: ClientSocket }[] = [];
  const on = (topic: string) => sockets.filter(({ topics }) => topics.has(topic));
  const audience = new Audience({
    publish: (topic, text) => on(topic).forEach(({ heard }) => heard.push(text)),
    count: (topic) => on(topic).length,
  });
  const join = () => {
    const topics = new Set<string>();
    const heard: string[] = [];
    const socket: ClientSocket = {
      send: () => true,
      end: () => undefined,
      bufferedBytes: () => 0,
      subscribe: (topic) => void topics.add(topic),
      unsubscribeAll: () => topics.clear(),
    };
    sockets.push({ topics, heard, socket });
    return { socket, heard };
  };
  return { audience, join };
}

it('R4.5 frames go to the tier they are for, notices to every tier, and neither to another workspace', () => {
  const { audience, join } = setUp();
  const [live, slow, foreign, idle] = [join(), join(), join(), join()];
  audience.follow(live.socket, 'a', 0);
  audience.follow(slow.socket, 'a', 1_000);
  audience.follow(foreign.socket, 'b', 0);
  audience.publish('a', 0, 'frames');
  audience.publish('a', 1_000, 'merged');
  audience.notify('a', 'notice');
  expect([live.heard, slow.heard, foreign.heard, idle.heard]).toEqual([
    ['frames', 'notice'],
    ['merged', 'notice'],
    [],
    [],
  ]);
  expect([audience.count('a', 0), audience.count('a', 1_000), audience.count('a', 250)]).toEqual([1, 1, 0]);
  audience.unfollow(live.socket);
  audience.publish('a', 0, 'later');
  audience.notify('a', 'later');
  expect(live.heard).toEqual(['frames', 'notice']);
});
