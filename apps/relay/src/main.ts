import { runProcess, VERSION } from '@meldesync/lifecycle';
import { createProcessLogger, runTraced } from '@meldesync/telemetry';
import { readConfig, startRelay } from './app.ts';
import { requireServers } from './require-servers.ts';

await runProcess(
  readConfig,
  async (config, logger) => {
    await requireServers(config, logger);
    const service = { kind: 'relay', instance: config.name, version: VERSION, hasActiveSpan: false };
    return runTraced(service, (tracing) => startRelay(config, logger, tracing));
  },
  createProcessLogger,
);
