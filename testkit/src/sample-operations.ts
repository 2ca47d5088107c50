import { VERSION } from '@meldesync/lifecycle';
import type { Operations, OperationsPoint } from '@meldesync/protocol';

const POINT_MS = 5_000;
const POINTS = 180;

/**
 * How a service is that has been busy for a quarter of an hour, in the form of `GET /api/v1/operations`: for what shows it, with
 * states that a real one is in only when something is broken. The same at each call with the same `now`.
 */
export function sampleOperations(now: Date, changes: Partial<Operations> = {}): Operations {
  const ago = (ms: number): string => new Date(now.getTime() - ms).toISOString();
  const minutes = (count: number): number => count * 60_000;
  const process = { version: VERSION, usable: true, live: true, missing: [], seenAt: ago(800) };
  return {
    at: now.toISOString(),
    level: { name: 'normal', since: ago(minutes(190)), reasons: [], chosenBy: 'measured' },
    processes: [
      {
        ...process,
        name: 'node-1',
        kind: 'node',
        startedAt: ago(minutes(190)),
        memoryBytes: 182_400_000,
        cpu: 0.34,
        eventLoopDelayMs: 11.8,
        connections: [
          { tier: 0, count: 21 },
          { tier: 1_000, count: 2 },
        ],
        pool: { used: 3, idle: 5, waiting: 0 },
      },
      {
        ...process,
        name: 'node-2',
        kind: 'node',
        startedAt: ago(minutes(189)),
        memoryBytes: 176_100_000,
        cpu: 0.29,
        eventLoopDelayMs: 12.4,
        connections: [
          { tier: 0, count: 18 },
          { tier: 250, count: 1 },
        ],
        pool: { used: 2, idle: 6, waiting: 0 },
      },
      {
        ...process,
        name: 'relay-1',
        kind: 'relay',
        role: 'active',
        startedAt: ago(minutes(190)),
        memoryBytes: 98_700_000,
        cpu: 0.08,
        eventLoopDelayMs: 10.9,
      },
      {
        ...process,
        name: 'relay-2',
        kind: 'relay',
        role: 'standby',
        live: false,
        startedAt: ago(minutes(190)),
        memoryBytes: 91_200_000,
        cpu: 0.01,
        eventLoopDelayMs: 10.7,
      },
      {
        ...process,
        name: 'worker-1',
        kind: 'worker',
        startedAt: ago(minutes(62)),
        memoryBytes: 121_900_000,
        cpu: 0.12,
        eventLoopDelayMs: 11.1,
        pool: { used: 1, idle: 3, waiting: 0 },
      },
    ],
    feed: { lagBytes: 18_400, delaySeconds: 0.03, bufferFrames: 48_210, bufferBytes: 21_300_000, canaryAgeMs: 640 },
    queue: { waiting: 2, active: 1, delayed: 0, failed: 0 },
    locks: [],
    history: Array.from({ length: POINTS }, (_, place) => samplePoint(ago((POINTS - 1 - place) * POINT_MS), place)),
    ...changes,
  };
}

/** A calm service with a rush in its middle; before its fourth point nobody had measured a delivery. */
function samplePoint(at: string, place: number): OperationsPoint {
  const wave = (period: number, shift = 0): number => (1 + Math.sin(place / period + shift)) / 2;
  const rush = place > 84 && place < 104 ? 1 : 0;
  const p50 = 14 + 5 * wave(7) + 9 * rush;
  const isMeasured = place >= 3;
  return {
    at,
    p50: isMeasured ? p50 : null,
    p95: isMeasured ? p50 * 2 + 8 * wave(3, 1) + 30 * rush : null,
    p99: isMeasured ? p50 * 3 + 14 * wave(2, 2) + 70 * rush : null,
    answerP95: isMeasured ? p50 * 1.4 + 10 * wave(4, 3) : null,
    editsPerSecond: 3 + 2.5 * wave(11) + 6 * rush,
    deliveriesPerSecond: 110 + 90 * wave(11) + 210 * rush,
    connections: 42 - Math.round(4 * wave(40, 2.4)),
    feedLagBytes: 9_000 + 14_000 * wave(5) + 160_000 * rush,
    errorsPerSecond: rush * 0.2,
  };
}
