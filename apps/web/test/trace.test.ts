import { eventually, type ReceivedSpan, startTraceReceiver } from '@meldesync/testkit';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { doneBox } from './case-list.ts';
import { openDesk } from './desk.ts';

// Spans go out soon; by themselves they wait 5 s for others.
process.env['OTEL_BSP_SCHEDULE_DELAY'] = '100';
const receiver = await startTraceReceiver();
afterAll(() => receiver[Symbol.asyncDispose]());
const { cluster, browser, anna, ben, cases } = await openDesk({ traces: receiver.url });

/** How far what the spans say may be from what the pages saw, for a click and its screen. */
const TOLERANCE_MS = 5;

const CASES = ['F-1', 'F-2', 'F-3', 'F-4', 'F-5'] as const;

/** What a change leaves on its way to two pages. */
const PATH = ['relay', 'append', 'deliver', 'deliver', 'applied', 'applied'] as const;

declare global {
  interface Window {
    /** When each case's box was clicked here, and when it changed here, in epoch milliseconds. */
    clickedAt: Record<string, number>;
    changedAt: Record<string, number>;
  }
}

function only(spans: readonly ReceivedSpan[], name: string, instance?: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name && (instance === undefined || span.instance === instance));
  expect(found, name).toHaveLength(1);
  return found[0] as ReceivedSpan;
}

/** The spans of the trace that a span of this name belongs to, once all of these are there. */
async function traceWith(
  begin: string,
  names: readonly string[],
  timeoutMs?: number,
): Promise<readonly ReceivedSpan[]> {
  let trace: readonly ReceivedSpan[] = [];
  await eventually(() => {
    const first = receiver.spans.find(({ name }) => name === begin);
    trace = receiver.spans.filter(({ traceId }) => traceId === first?.traceId);
    const left = trace.map(({ name }) => name);
    for (const name of names) {
      expect(left).toContain(name);
      left.splice(left.indexOf(name), 1);
    }
  }, timeoutMs);
  return trace;
}

/** The trace of an UPDATE in psql that both pages tell of: once they know their node's clock, by the first ping, and are live. */
async function traceOfPsql(): Promise<readonly ReceivedSpan[]> {
  let spans: readonly ReceivedSpan[] = [];
  await eventually(async () => {
    receiver.forget();
    await cluster.sql('update records set note = gen_random_uuid()');
    // The next ping is at most 3 s away.
    spans = await traceWith('relay', PATH, 5_000);
  });
  return spans;
}

async function watchBox(page: Page, name: string): Promise<void> {
  await page.evaluate((key) => {
    const isDone = (): boolean =>
      [...document.querySelectorAll<HTMLInputElement>('[role=row] input[type=checkbox]')].some(
        ({ ariaLabel, checked }) => ariaLabel === `Fall ${key} erledigt` && checked,
      );
    window.clickedAt ??= {};
    window.changedAt ??= {};
    const grid = document.querySelector('[role=grid]');
    const note = ({ timeStamp }: Event): void => {
      window.clickedAt[key] ??= performance.timeOrigin + timeStamp;
    };
    grid?.addEventListener('click', note, { capture: true, once: true });
    if (!grid) return;
    new MutationObserver(() => {
      if (isDone()) window.changedAt[key] ??= performance.timeOrigin + performance.now();
    }).observe(grid, { subtree: true, childList: true, attributes: true });
  }, name);
}

/**
 * Clicks a case's box, and checks its trace; when it was, by the spans and by the pages. Rejects where a page was behind, as on a busy
 * machine it may be.
 */
async function followClick(first: Page, second: Page, name: string) {
  receiver.forget();
  await watchBox(first, name);
  await watchBox(second, name);
  await doneBox(first, name).click();
  await second.waitForFunction((label) => window.changedAt[label] !== undefined, name);
  // Spans go out every 100 ms; those of a page that was behind, and merged or fetched the change, never do.
  const spans = await traceWith('click edit', [...PATH, 'edit', 'postgres commit'], 15_000);

  const click = only(spans, 'click edit');
  const edit = only(spans, 'edit', 'node-1');
  const relay = only(spans, 'relay', 'relay');
  const append = only(spans, 'append', 'relay');
  const deliveries = ['node-1', 'node-2'].map((node) => only(spans, 'deliver', node));
  expect(click.parentSpanId).toBe('');
  expect(edit.parentSpanId).toBe(click.spanId);
  for (const step of ['begin', 'claim', 'judge', 'write', 'commit'])
    expect(only(spans, `postgres ${step}`).parentSpanId).toBe(edit.spanId);
  expect(relay.parentSpanId).toBe(edit.spanId);
  expect(append.parentSpanId).toBe(relay.spanId);
  for (const delivery of deliveries) expect(delivery.parentSpanId).toBe(append.spanId);
  const applied = spans.filter(({ name: of }) => of === 'applied');
  expect(applied.map(({ parentSpanId }) => parentSpanId).toSorted()).toEqual(
    deliveries.map(({ spanId }) => spanId).toSorted(),
  );

  // From the click to the other screen, part by part, each where the one before it ended or a gap later.
  const seen = applied.find(({ parentSpanId }) => parentSpanId === deliveries[1]?.spanId) as ReceivedSpan;
  const ends = [click.startMs, edit.startMs, relay.startMs, append.startMs, append.endMs, seen.startMs, seen.endMs];
  const parts = ends.slice(1).map((end, index) => end - (ends[index] ?? 0));
  const [clickedAt, changedAt] = await Promise.all([
    first.evaluate((label) => window.clickedAt[label] ?? Number.NaN, name),
    second.evaluate((label) => window.changedAt[label] ?? Number.NaN, name),
  ]);
  const total = parts.reduce((sum, part) => sum + part, 0);
  process.stdout.write(
    `click to the other screen: ${(changedAt - clickedAt).toFixed(1)} ms in the pages, ${total.toFixed(1)} ms in the trace: ${parts.map((part) => part.toFixed(1)).join(' + ')}\n`,
  );
  return { click, seen, clickedAt, changedAt };
}

describe('the trace', () => {
  it('R5.3 R5.4 of a click goes from the page over node, relay and both nodes to both pages, and adds up', async () => {
    await cases.add(...CASES);
    const first = await browser.open(cluster, anna, { node: 0 });
    const second = await browser.open(cluster, ben, { node: 1 });
    await doneBox(second, CASES[0]).waitFor();
    await traceOfPsql();
    // What a page knows of the node's clock is as good as the way there and back is even, and a page may be behind: on a busy machine some
    // clicks only add up.
    for (const name of CASES) {
      try {
        const { click, seen, clickedAt, changedAt } = await followClick(first, second, name);
        // The page is painted a little after its document has changed.
        const off = Math.max(Math.abs(click.startMs - clickedAt), changedAt - seen.endMs, seen.startMs - changedAt);
        expect(off).toBeLessThanOrEqual(TOLERANCE_MS);
        return;
      } catch (error) {
        if (name === CASES.at(-1)) throw error;
      }
    }
  });

  it('R5.3 of an UPDATE in psql begins with its commit', async () => {
    const spans = await traceOfPsql();
    expect(only(spans, 'relay').parentSpanId).toBe('');
    expect(only(spans, 'append').parentSpanId).toBe(only(spans, 'relay').spanId);
  });
});
