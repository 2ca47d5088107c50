import type { BusFrame } from '@meldesync/bus';
import type { Applied } from '@meldesync/protocol';
import { childOf, type EndedSpan, epochMs, NO_TRACING } from '@meldesync/telemetry';
import { beforeEach, describe, expect, it } from 'vitest';
import { DeliveryPath } from './delivery-path.ts';

const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const UNSAMPLED = TRACE.replace(/01$/, '00');
const FORGED = `00-${'f'.repeat(32)}-${'e'.repeat(16)}-01`;
const TELLER = { person: 'vera', workspace: 'w1', tierMs: 0 } as const;

let spans: EndedSpan[];
let seconds: number[];
let path: DeliveryPath;
let committedAt: number;

beforeEach(() => {
  spans = [];
  seconds = [];
  committedAt = epochMs() - 20;
  path = new DeliveryPath({
    tracing: {
      ...NO_TRACING,
      isOn: true,
      begin: (parent) => childOf(parent, () => true),
      end: (...ended) => {
        spans.push(...ended);
      },
    },
    onHop: () => undefined,
    newsAgeMs: () => 700,
    onDelivery: (delivery) => {
      seconds.push(delivery.seconds);
    },
  });
  const way = { committedAt, sentAt: committedAt + 5, receivedAt: committedAt + 10, traceparent: TRACE };
  path.flushed({ workspace: 'w1', frames: [{ way } as BusFrame], tierMs: 0, sockets: 1 });
});

function tell(more: Partial<Applied>, teller: Parameters<DeliveryPath['applied']>[1] = TELLER): void {
  path.applied({ committedAt, sentAt: 0, receivedAt: 0, appliedAt: 0, trace: TRACE, ...more }, teller);
}

const named = (name: string) => spans.filter((span) => span.name === name);

describe('P50 what a client tells of a frame', () => {
  it('is measured from when this node sent it, and ends by now, whatever the client says', () => {
    tell({ sentAt: 8.64e15, receivedAt: 8.64e15, appliedAt: 8.64e15 });
    const [span] = named('applied');
    expect(span?.parent?.spanId).toBe(named('deliver')[0]?.context.spanId);
    expect(span?.startMs).toBeGreaterThan(committedAt);
    expect(span?.endMs).toBeLessThanOrEqual(epochMs());
    expect(seconds[0]).toBeLessThan(60);
    tell({ appliedAt: 0 }, { ...TELLER, person: 'ada' });
    expect(seconds[1]).toBeGreaterThanOrEqual(0.02);
  });

  /** A frame that came 5 ms ago and was committed so long before now, by another clock; how long its delivery took. */
  const deliveredAfter = (ms: number): number => {
    const now = epochMs();
    const way = { committedAt: now - ms, sentAt: now - ms, receivedAt: now - 5, traceparent: UNSAMPLED };
    path.flushed({ workspace: 'w1', frames: [{ way } as BusFrame], tierMs: 0, sockets: 1 });
    tell({ committedAt: way.committedAt, trace: UNSAMPLED });
    return seconds.at(-1) ?? 0;
  };

  it.each([3_600_000, -3_600_000])('R5.4 is measured by this node alone where clocks are apart by %d ms', (ms) => {
    const before = named('deliver').length;
    const took = deliveredAfter(ms);
    expect(took).toBeGreaterThanOrEqual(0.005);
    expect(took).toBeLessThan(60);
    // No trace is kept as a slow one for it.
    expect(named('deliver')).toHaveLength(before);
  });

  it('R5.4 is slow where what the node heard was old enough for that', () => {
    expect(deliveredAfter(1_500)).toBeGreaterThanOrEqual(1.5);
    expect(named('deliver').at(-1)).toMatchObject({ isSlow: true });
  });

  it('counts once for each person', () => {
    for (let times = 0; times < 20; times++) tell({});
    tell({}, { ...TELLER, person: 'ada' });
    expect(seconds).toHaveLength(2);
  });

  it.each([
    [{ committedAt: 1 }, TELLER],
    [{}, { ...TELLER, workspace: 'w2' }],
    [{}, { ...TELLER, tierMs: 250 }],
  ] as const)('is not believed of one that was not sent to it: %#', (more, teller) => {
    tell(more, teller);
    expect(seconds).toEqual([]);
    expect(named('applied')).toEqual([]);
  });

  it('is not believed of one that went to nobody', () => {
    const way = { committedAt: committedAt - 1, sentAt: committedAt, receivedAt: committedAt, traceparent: TRACE };
    path.flushed({ workspace: 'w1', frames: [{ way } as BusFrame], tierMs: 0, sockets: 0 });
    tell({ committedAt: committedAt - 1 });
    expect(seconds).toEqual([]);
  });

  it('is part of no trace but its own', () => {
    tell({ trace: FORGED });
    expect(seconds).toHaveLength(1);
    expect(named('applied')).toEqual([]);
  });
});

describe('P50 what a client tells of a click', () => {
  const click = { name: 'edit', traceparent: FORGED, startedAt: 0, endedAt: 8.64e15, outcome: 'failed' } as const;

  it('is not believed of an edit that did not come from that person', () => {
    path.spanned(click, 'vera');
    path.editArrived(FORGED, 'ada', 0);
    path.spanned(click, 'vera');
    expect(named('click edit')).toEqual([]);
  });

  it('is believed once, within the times that are possible', () => {
    path.editArrived(FORGED, 'vera', 0);
    for (let times = 0; times < 20; times++) path.spanned(click, 'vera');
    const [span, ...more] = named('click edit');
    expect(more).toEqual([]);
    expect(span?.endMs).toBeLessThanOrEqual(epochMs());
    expect(epochMs() - (span?.startMs ?? 0)).toBeLessThan(3_700_000);
  });
});
