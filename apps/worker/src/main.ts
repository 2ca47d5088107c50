import { runProcess } from '@meldesync/lifecycle';
import { createProcessLogger } from '@meldesync/telemetry';
import { readConfig, startWorker } from './app.ts';
import { requireServers } from './require-servers.ts';

await runProcess(
  readConfig,
  async (config, logger) => {
    await requireServers(config, logger);
    return startWorker(config, logger);
  },
  createProcessLogger,
);
