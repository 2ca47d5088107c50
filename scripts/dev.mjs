import './lib/node-version.mjs';
import { startApps } from './lib/app-process.mjs';
import { printBanner } from './lib/banner.mjs';
import { prepareData, startBacking, startCluster, waitUntilReady } from './lib/cluster.mjs';
import { chooseServicePort, claimDataFolder } from './lib/data-folder.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { inRoot } from './lib/paths.mjs';
import { requireFreePort } from './lib/ports.mjs';
import { sourceProgram, watchedProgram } from './lib/programs.mjs';
import { ensureRedisServer } from './lib/redis-server.mjs';
import { readSettings } from './lib/settings.mjs';
import { runCommand } from './lib/stop-stack.mjs';

await runCommand(
  async (stack) => {
    const settings = readSettings(process.env, 'development');
    claimDataFolder(stack, settings.dataDir);
    await requireFreePort(settings.port, 'PORT');
    await Promise.all([ensureDependencies(), settings.redisUrl === undefined ? ensureRedisServer() : undefined]);

    const backing = await startBacking(stack, settings);
    const accounts = await prepareData(settings, backing, sourceProgram);
    const nodePort = await chooseServicePort(settings.dataDir, 'sync nodes behind the dev server', undefined);
    const adminPorts = await startCluster(stack, settings, backing, watchedProgram, nodePort);
    startApps(stack, [
      {
        name: 'web',
        program: [inRoot('scripts/lib/web-dev-server.mjs')],
        environment: {
          ...process.env,
          NODE_ENV: settings.mode,
          PORT: String(settings.port),
          BASE_URL: settings.baseUrl,
          API_URL: `http://127.0.0.1:${nodePort}`,
        },
      },
    ]);
    await waitUntilReady(`http://127.0.0.1:${settings.port}/`);
    printBanner({ settings, accounts, adminPorts });
    return new Promise(() => {});
  },
  { untilStopped: true },
);
