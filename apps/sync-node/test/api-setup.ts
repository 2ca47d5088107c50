import {
  type Cluster,
  type ClusterOptions,
  callHttp,
  type HttpCall,
  startCluster,
  type TestPerson,
  workspacePath,
} from '@meldesync/testkit';
import { afterAll } from 'vitest';

/** A node with three records, and its HTTP API as Anna uses it, who may edit. */
export interface ApiSetup {
  readonly cluster: Cluster;
  readonly anna: TestPerson;
  /** The first of the records. */
  readonly record: number;
  /** Calls a path of the API as Anna, unless said otherwise. */
  readonly call: (path: string, options?: HttpCall) => Promise<Response>;
  readonly inWorkspace: (path: string, workspace?: string) => string;
}

/** Sets it up for a file of tests, until the last of them has ended. */
export async function setUpApi(options: ClusterOptions = {}): Promise<ApiSetup> {
  const cluster = await startCluster({ nodes: 1, worker: false, ...options });
  afterAll(() => cluster[Symbol.asyncDispose]());
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const [record = 0] = await cluster.addRecords(3);
  return {
    cluster,
    anna,
    record,
    call: (path, call = {}) => callHttp(cluster, path, { as: anna, ...call }),
    inWorkspace: (path, workspace) => workspacePath(cluster, path, workspace),
  };
}
