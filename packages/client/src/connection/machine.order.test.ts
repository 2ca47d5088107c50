import { BACKOFF, CLOSE_CODES } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { context, EVENTS, NOW } from '../../test/connection-samples.ts';
import { STOPPED, transition } from './machine.ts';
import type { Connection, ConnectionEvent } from './states.ts';

const WITH_SOCKET: ReadonlySet<Connection['name']> = new Set([
  'opening',
  'greeting',
  'loading',
  'subscribing',
  'catching-up',
  'live',
]);

const event: fc.Arbitrary<ConnectionEvent> = fc.oneof(
  fc.constantFrom(...Object.values(EVENTS)),
  fc.record({
    type: fc.constant('closed' as const),
    code: fc.constantFrom(1000, 1006, 4401, 4403, 4503, 4999),
    error: fc.constantFrom(null, 'internal' as const),
  }),
  fc.record({
    type: fc.constant('closed' as const),
    code: fc.constant(CLOSE_CODES.draining),
    error: fc.constant(null),
    reconnectInMs: fc.nat(15_000),
  }),
  fc.record({ type: fc.constant('welcomed' as const), canContinue: fc.boolean() }),
  fc.record({ type: fc.constant('subscribed' as const), isCurrent: fc.boolean() }),
);

describe('transitions in any order', () => {
  it('own exactly what the state needs: a socket, or a timer to the next try, or neither', () => {
    const step = fc.record({
      event,
      random: fc.double({ min: 0, max: 1 - Number.EPSILON, noNaN: true }),
      elapsedMs: fc.nat(30_000),
      isOnline: fc.boolean(),
      isHolding: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
        let state = STOPPED;
        let now = NOW;
        let hasSocket = false;
        let mayTalk = false;
        let isWaiting = false;
        for (const { event, random, elapsedMs, isOnline, isHolding } of steps) {
          now += elapsedMs;
          const result = transition(state, event, { now, random, isOnline, isHolding });
          for (const effect of result.effects) {
            switch (effect.type) {
              case 'open':
                expect(hasSocket).toBe(false);
                hasSocket = true;
                isWaiting = false;
                break;
              case 'drop':
                hasSocket = false;
                mayTalk = false;
                isWaiting = false;
                break;
              case 'go-online':
                mayTalk = true;
                break;
              case 'wait':
                expect(hasSocket).toBe(false);
                // A node that stops may ask for less, and for more.
                if ('reconnectInMs' in event) expect(effect.delayMs).toBeGreaterThanOrEqual(0);
                else expect(effect.delayMs).toBeGreaterThanOrEqual(BACKOFF.usual.minMs);
                expect(effect.delayMs).toBeLessThanOrEqual(
                  Math.max(BACKOFF.usual.maxMs, 'reconnectInMs' in event ? Number(event.reconnectInMs) : 0),
                );
                isWaiting = true;
                break;
              case 'send-subscribe':
              case 'load-snapshot':
              case 'probe':
                expect(mayTalk).toBe(true);
                break;
              case 'send-hello':
              case 'await-frames':
              case 'disarm':
                expect(hasSocket).toBe(true);
                break;
            }
          }
          state = result.state;
          expect(hasSocket).toBe(WITH_SOCKET.has(state.name));
          expect(isWaiting).toBe(state.name === 'waiting');
        }
        expect(transition(state, EVENTS.stop, { ...context, now, random: 0 }).state.name).toBe('stopped');
      }),
      { numRuns: 500 },
    );
  });
});
