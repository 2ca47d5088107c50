import { expect, it } from 'vitest';
import { socketIoWire } from './socket-io-wire.ts';

it('joins, answers pings and reads the frames of an event', () => {
  const wire = socketIoWire({ system: 'socket-io', url: 'http://127.0.0.1:3000' });
  const sent: string[] = [];
  const take = (text: string) => wire.take(text, (answer) => sent.push(answer));
  expect(wire.url).toBe('ws://127.0.0.1:3000/socket.io/?EIO=4&transport=websocket');
  expect(take('0{"sid":"a","pingInterval":25000}')).toBeUndefined();
  expect(take('40{"sid":"b"}')).toEqual({ ready: true });
  expect(take('2')).toBeUndefined();
  expect(sent).toEqual(['40', '3']);
  expect(take('42["frames",[{"id":"2-0","prev":"1-0","changes":[]}]]')).toEqual({
    frames: [{ id: '2-0', prev: '1-0', changes: [] }],
  });
});
