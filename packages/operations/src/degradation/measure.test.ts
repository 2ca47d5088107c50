import { describe, expect, it } from 'vitest';
import { Activity } from '../status/activity.ts';
import type { ProcessStatus } from '../status/process-status.ts';
import { RecentActivity } from '../status/recent-activity.ts';
import { measure } from './measure.ts';

function status(more: Partial<ProcessStatus>): ProcessStatus {
  return {
    name: 'one',
    kind: 'node',
    version: '1',
    startedAt: '',
    usable: true,
    live: true,
    missing: [],
    format: 1,
    memoryBytes: 100,
    memoryLimitBytes: 1_000,
    cpu: 0,
    eventLoopDelayMs: 0,
    canaryAgeMs: null,
    ...more,
  };
}

/** A node after edits that took so long, some of which failed, and reports of deliveries. */
function busy(edits: readonly number[], failed = 0, delivered: readonly [tierMs: number, seconds: number][] = []) {
  const activity = new Activity();
  const recent = new RecentActivity(activity, 0);
  for (const [index, seconds] of edits.entries()) activity.edited(seconds, index < failed, `${index % 2}`);
  for (const [index, [tierMs, seconds]] of delivered.entries()) activity.delivered(tierMs, seconds, `${index % 2}`);
  return status({ recent: recent.recent(1_000) });
}

describe('R5.4 what is measured of the cluster', () => {
  it('is nothing where nobody is', () => {
    expect(Object.values(measure([])).every((value) => value === null)).toBe(true);
  });

  it('is the worse of edits and deliveries, over all nodes, where there are enough', () => {
    const few = [0.3, 0.3, 0.3];
    expect(measure([busy(few)]).latencyMs).toBeNull();
    expect(measure([busy(few), busy(few), busy([0.3, 0.3])]).latencyMs).toBeGreaterThan(250);
    const quick = Array.from({ length: 20 }, () => 0.01);
    const late = Array.from({ length: 20 }, () => [0, 2.5] as [number, number]);
    expect(measure([busy(quick, 0, late)]).latencyMs).toBeGreaterThan(2_000);
  });

  it('does not count who gets changes further apart on purpose', () => {
    const late = Array.from({ length: 20 }, () => [250, 2.5] as [number, number]);
    expect(
      measure([
        busy(
          Array.from({ length: 20 }, () => 0.01),
          0,
          late,
        ),
      ]).latencyMs,
    ).toBeLessThan(20);
  });

  it('does not take the limit at which edits fail for latency', () => {
    const ten = Array.from({ length: 10 }, () => 4.5);
    expect(measure([busy(ten, 10)])).toMatchObject({ latencyMs: null, errorShare: 1 });
  });

  it('is of errors their share, and none of a few', () => {
    const ten = Array.from({ length: 10 }, () => 0.01);
    expect(measure([busy(ten, 4)]).errorShare).toBe(0);
    expect(measure([busy(ten, 5), busy(ten)]).errorShare).toBeCloseTo(5 / 18);
  });

  it('is nothing of one person alone, whose edits wait for one another or fail', () => {
    const activity = new Activity();
    const recent = new RecentActivity(activity, 0);
    for (let edit = 0; edit < 100; edit++) activity.edited(3, edit % 2 === 0, 'vera');
    expect(measure([status({ recent: recent.recent(1_000) })])).toMatchObject({ latencyMs: null, errorShare: null });
    for (let edit = 0; edit < 20; edit++) activity.edited(0.01, false, 'ada');
    expect(measure([status({ recent: recent.recent(2_000) })]).latencyMs).toBeLessThan(20);
  });

  it('is of the feed what all nodes lack, and what the relay sees', () => {
    const nodes = [status({ canaryAgeMs: 30_000 }), status({ canaryAgeMs: 500 })];
    expect(measure(nodes).feedSeconds).toBe(0.5);
    const feed = { lagBytes: 7, delaySeconds: 3, bufferFrames: null, bufferBytes: null };
    const relay = status({ kind: 'relay', role: 'active', canaryAgeMs: 900, feed });
    const standby = status({ kind: 'relay', role: 'standby', canaryAgeMs: 60_000 });
    expect(measure([...nodes, relay, standby])).toMatchObject({ feedSeconds: 3, feedBytes: 7 });
    expect(measure([...nodes, { ...relay, canaryAgeMs: 4_000 }]).feedSeconds).toBe(4);
  });

  it('is of memory and pools that of the process that is worst off', () => {
    const pool = { used: 10, idle: 0, waiting: 12 };
    expect(measure([status({}), status({ memoryBytes: 900, pool })])).toMatchObject({
      memoryShare: 0.9,
      poolWaiting: 12,
    });
  });

  it('is of the last ten seconds', () => {
    const activity = new Activity();
    const recent = new RecentActivity(activity, 0);
    for (let edit = 0; edit < 10; edit++) activity.edited(1, true, `${edit % 2}`);
    for (let now = 2_000; now <= 10_000; now += 2_000) expect(recent.recent(now).errors).toBe(10);
    expect(recent.recent(12_000).errors).toBe(0);
  });
});
