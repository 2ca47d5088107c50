import { runProcess, VERSION } from '@meldesync/lifecycle';
import { createProcessLogger, runTraced } from '@meldesync/telemetry';
import { readConfig, startSyncNode } from './app.ts';
import { requireServers } from './require-servers.ts';

await runProcess(
  readConfig,
  async (config, logger) => {
    await requireServers(config, logger);
    const service = { kind: 'node', instance: config.name, version: VERSION, hasActiveSpan: false };
    return runTraced(service, (tracing) => startSyncNode(config, logger, tracing));
  },
  createProcessLogger,
);
