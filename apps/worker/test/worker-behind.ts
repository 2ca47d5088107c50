import type { Cluster, FaultProxy } from '@meldesync/testkit';
import { startWorker, type WorkerApp } from '../src/app.ts';

/** Starts a worker of a cluster whose line to Postgres, or to Redis, can be broken. */
export function startWorkerBehind(
  cluster: Cluster,
  lines: { readonly postgres?: FaultProxy; readonly redis?: FaultProxy },
): Promise<WorkerApp> {
  return startWorker({
    databaseUrl: over(cluster.database.urlAs('worker'), lines.postgres),
    redisUrl: over(cluster.redis.url, lines.redis),
    redisPrefix: cluster.redisPrefix,
    name: 'behind the wire',
    adminPort: 0,
    logLevel: 'silent',
    logFormat: 'json',
    importConcurrency: 2,
    sweepIntervalMs: 20_000,
    sealIntervalMs: 1_000,
    importLimits: { maxRejectedRows: 1_000, maxWarnedRows: 10_000 },
  });
}

function over(url: string, line: FaultProxy | undefined): string {
  if (!line) return url;
  const changed = new URL(url);
  changed.hostname = '127.0.0.1';
  changed.port = String(line.port);
  return changed.href;
}
