import './lib/node-version.mjs';
import { endLeftoverApps } from './lib/app-process.mjs';
import { printBanner } from './lib/banner.mjs';
import { ensureBuild } from './lib/build.mjs';
import { prepareData, startBacking, startInstallation } from './lib/cluster.mjs';
import { claimDataFolder } from './lib/data-folder.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { answerHelp } from './lib/help.mjs';
import { since, step } from './lib/log.mjs';
import { requireFreePort } from './lib/ports.mjs';
import { builtProgram } from './lib/programs.mjs';
import { ensureRedisServer } from './lib/redis-server.mjs';
import { readSettings, settingsTable } from './lib/settings.mjs';
import { runCommand } from './lib/stop-stack.mjs';

answerHelp(`npm start runs MeldeSync until Ctrl-C: relay, worker and two sync nodes.

${settingsTable()}
`);

await runCommand(
  async (stack) => {
    const startedMs = performance.now();
    const settings = readSettings(process.env, 'production');
    claimDataFolder(stack, settings.dataDir);
    await endLeftoverApps(settings.dataDir);
    await requireFreePort(settings.port, 'PORT');
    // Side by side: one waits for npm's registry, the other for Debian's.
    await Promise.all([
      settings.redisUrl === undefined ? ensureRedisServer() : undefined,
      ensureDependencies().then(() => ensureBuild()),
    ]);

    const backing = await startBacking(stack, settings);
    const { accounts, setUpUrl } = await prepareData(settings, backing, builtProgram);
    const { adminPorts } = await startInstallation(stack, settings, backing, builtProgram, settings.port);
    step('ready', `after ${since(startedMs)}`);
    printBanner({ settings, accounts, setUpUrl, adminPorts });
    return new Promise(() => {});
  },
  { untilStopped: true },
);
