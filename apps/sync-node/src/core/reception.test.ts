import { CLOSE_CODES, reconnectInMs } from '@meldesync/protocol';
import { afterEach, expect, it } from 'vitest';
import { logger, loneContext, WORKSPACE } from '../../test/lone-connection.ts';
import { systemRuntime } from '../runtime.ts';
import type { SocketEvents } from './client-socket.ts';
import type { Closed } from './closed-by.ts';
import { Connections } from './connections.ts';
import { UNLIMITED } from './identity.ts';
import { MAX_EARLY_MESSAGES } from './limits.ts';
import { type Admission, Reception } from './reception.ts';

const ANNA = { ...UNLIMITED, userId: 'anna', name: '', email: '', sessionId: 's' };
const HELLO = JSON.stringify({ type: 'hello', workspace: WORKSPACE, client: { kind: 'web', version: 'test' } });

let ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends) end();
  ends = [];
});

/** A reception, and sockets whose admission the test decides. */
function setUp() {
  const connections = new Connections(systemRuntime, logger);
  ends.push(() => connections[Symbol.dispose]());
  const counted = { dropped: 0 };
  const ended: Closed[] = [];
  const context = loneContext({ watch: { onClosed: (how) => ended.push(how) } });
  const reception = new Reception(connections, context, {
    onMessage: () => undefined,
    onDropped: () => {
      counted.dropped += 1;
    },
  });
  const open = () => {
    const sent: string[] = [];
    let end: { code: number; reason: string } | undefined;
    let admit: (admission: Admission) => void = () => undefined;
    let events: SocketEvents | undefined;
    const opened = reception.open(
      {
        send: (text) => {
          sent.push((JSON.parse(text) as { type: string }).type);
          return true;
        },
        // As uWebSockets.js does it: the end is told before the call is over.
        end: (code, reason) => {
          end = { code, reason };
          events?.closed(code);
        },
        bufferedBytes: () => 0,
        subscribe: () => undefined,
        unsubscribeAll: () => undefined,
      },
      () =>
        new Promise((resolve) => {
          admit = resolve;
        }),
    );
    events = opened;
    ends.push(() => opened.closed(1001));
    return {
      events: opened,
      sent,
      ended: () => end,
      say: (text: string) => opened.received({ bytes: text.length, isText: true }, () => text),
      admit: async (admission: Admission = { isAdmitted: true, identity: ANNA }) => {
        admit(admission);
        await settled();
      },
    };
  };
  const told = () => ended.map(({ code, by }) => `${code} by ${by}`);
  return { reception, connections, counted, closed: ended, told, open };
}

const settled = () =>
  new Promise((resolve) => {
    setTimeout(resolve);
  });

it('what a client says before it is known who it is waits, and is then heard in its order', async () => {
  const { open, connections, counted, told } = setUp();
  const { say, sent, admit, events } = open();
  say(HELLO);
  say('no JSON');
  await settled();
  expect(sent).toEqual([]);
  await admit();
  expect(sent).toContain('welcome');
  expect(sent).toContain('error');
  expect({ size: connections.size, closed: told(), ...counted }).toEqual({ size: 1, closed: [], dropped: 0 });
  events.closed(1001);
  expect({ size: connections.size, closed: told(), ...counted }).toEqual({
    size: 0,
    closed: ['1001 by client'],
    dropped: 0,
  });
});

it('R5.3 tells who ended a socket: its client, this node, or nobody', async () => {
  const { open, told } = setUp();
  open().events.closed(1006);
  const stranger = open();
  await stranger.admit({ isAdmitted: false, code: CLOSE_CODES.unauthenticated, reason: 'not signed in' });
  const member = open();
  await member.admit();
  member.say('no JSON'.repeat(50_000));
  expect(told()).toEqual(['1006 by line', '4401 by node', '1009 by node']);
});

it('P24 who says too much before that is sent away, and stays so', async () => {
  const { open, connections } = setUp();
  const { say, ended, admit } = open();
  for (let count = 0; count <= MAX_EARLY_MESSAGES; count++) say('{}');
  expect(ended()?.code).toBe(CLOSE_CODES.rateLimited);
  await admit();
  expect(connections.size).toBe(0);
});

it('who is not admitted hears why', async () => {
  const { open, connections, closed } = setUp();
  const { ended, admit } = open();
  await admit({ isAdmitted: false, code: CLOSE_CODES.unauthenticated, reason: 'not signed in' });
  expect(ended()).toEqual({ code: CLOSE_CODES.unauthenticated, reason: 'not signed in' });
  expect(connections.size).toBe(0);
  expect(closed).toEqual([{ code: CLOSE_CODES.unauthenticated, by: 'node' }]);
});

it('P24 what is no text, or too long, ends the connection without being read', () => {
  const { open, closed } = setUp();
  const unread = () => expect.fail('it was read');
  const binary = open();
  binary.events.received({ bytes: 1, isText: false }, unread);
  expect(binary.ended()?.code).toBe(CLOSE_CODES.badRequest);
  const long = open();
  long.events.received({ bytes: 256 * 1024 + 1, isText: true }, unread);
  expect(long.ended()?.code).toBe(1009);
  expect(closed).toEqual([
    { code: CLOSE_CODES.badRequest, by: 'node' },
    { code: 1009, by: 'node' },
  ]);
});

it('R4.1 a node that stops sends away who is here, who is just being admitted, and who still comes', async () => {
  const { reception, open } = setUp();
  const here = open();
  await here.admit();
  const arriving = open();
  await reception.drain();
  const late = open();
  for (const { ended } of [here, arriving, late]) {
    const { code = 0, reason = '' } = ended() ?? {};
    expect(code).toBe(CLOSE_CODES.draining);
    expect(reconnectInMs(code, reason)).toBeGreaterThanOrEqual(0);
  }
});

it('what goes wrong in a connection ends that one alone', async () => {
  const { open, connections } = setUp();
  const broken = open();
  const well = open();
  await well.admit();
  await broken.admit({ isAdmitted: true, identity: null as never });
  expect(broken.ended()?.code).toBe(CLOSE_CODES.internal);
  expect(well.ended()).toBeUndefined();
  expect(connections.size).toBe(1);
});

it('what was dropped for a client is counted, and touches no socket in that turn', async () => {
  const { open, counted } = setUp();
  const { events, sent, admit } = open();
  await admit();
  const before = [...sent];
  events.dropped();
  expect({ dropped: counted.dropped, sent }).toEqual({ dropped: 1, sent: before });
});
