import { API_PREFIX, type Operations, toProblem } from '@meldesync/protocol';
import { type Cluster, sampleOperations, type TestPerson } from '@meldesync/testkit';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { TestBrowser } from './browser.ts';

/** What a service is said to answer: how it is, an error of the catalogue, or nothing. */
export type OperationsAnswer = Partial<Operations> | 'forbidden' | 'internal' | 'away';

/** Opens Betrieb as a service would be seen that answers what a test wants, also later. */
export async function openOperations(
  { browser, cluster }: { browser: TestBrowser; cluster: Cluster },
  person: TestPerson,
  first: OperationsAnswer,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; answer: (next: OperationsAnswer) => void; asked: () => number }> {
  const page = await browser.open(cluster, person, options);
  let now = first;
  let asked = 0;
  await page.route(`**${API_PREFIX}/operations`, (route) => {
    asked++;
    if (now === 'away') return route.abort('connectionrefused');
    if (typeof now !== 'string') return route.fulfill({ json: sampleOperations(new Date(), now) });
    const problem = toProblem(now, 'de');
    return route.fulfill({ status: problem.status, contentType: 'application/problem+json', json: problem });
  });
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /^(Betrieb|Operations)$/ })
    .click();
  return {
    page,
    answer: (next) => {
      now = next;
    },
    asked: () => asked,
  };
}

/** A service in trouble: what raised the level, a node without Postgres, a worker that is silent, a queue that grows. */
export function troubled(now = new Date()): Partial<Operations> {
  const sample = sampleOperations(now);
  const seenAt = new Date(now.getTime() - 42_000).toISOString();
  return {
    level: {
      name: 'minimal',
      since: new Date(now.getTime() - 200_000).toISOString(),
      reasons: [
        { cause: 'latency', value: 412, limit: 250 },
        { cause: 'pool', value: 14, limit: 5 },
      ],
      chosenBy: 'measured',
    },
    processes: sample.processes.map((process) => {
      if (process.name === 'node-2')
        return { ...process, usable: false, live: false, missing: ['Postgres does not answer', 'no canary for 12 s'] };
      if (process.kind === 'worker') return { ...process, seenAt };
      return process.name === 'node-1' ? { ...process, pool: { used: 10, idle: 0, waiting: 14 } } : process;
    }),
    feed: { ...sample.feed, lagBytes: 48_000_000, delaySeconds: 9.4, canaryAgeMs: 12_100 },
    queue: { waiting: 41, active: 0, delayed: 3, failed: 2 },
    history: sample.history.map((point, place) =>
      place < 140
        ? point
        : {
            ...point,
            p50: (point.p50 ?? 0) * 7,
            p95: (point.p95 ?? 0) * 7,
            p99: (point.p99 ?? 0) * 7,
            errorsPerSecond: 1.4,
          },
    ),
  };
}
