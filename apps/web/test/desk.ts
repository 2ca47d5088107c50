import { ResourceStack } from '@meldesync/lifecycle';
import { type Cluster, type ClusterOptions, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll } from 'vitest';
import { startBrowser, type TestBrowser } from './browser.ts';
import { CaseList } from './case-list.ts';

/** Where a browser test begins: a cluster that serves the web app, a browser, and two colleagues who may edit. */
export interface Desk {
  readonly cluster: Cluster;
  readonly browser: TestBrowser;
  readonly anna: TestPerson;
  readonly ben: TestPerson;
  readonly cases: CaseList;
}

/** Sets the desk for a file of tests, and clears it after the last of them. */
export async function openDesk(options: ClusterOptions = {}): Promise<Desk> {
  await using stack = new ResourceStack();
  const cluster = stack.use(await startCluster({ web: true, ...options }));
  const browser = stack.use(await startBrowser());
  const membership = { workspace: cluster.workspace, role: 'editor' } as const;
  const anna = await cluster.addPerson('Anna Albers', membership);
  const ben = await cluster.addPerson('Ben Brandt', membership);
  const opened = stack.move();
  afterAll(() => opened[Symbol.asyncDispose]());
  return { cluster, browser, anna, ben, cases: new CaseList(cluster) };
}
