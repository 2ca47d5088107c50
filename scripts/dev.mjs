import './lib/node-version.mjs';
import { endLeftoverApps, startApps } from './lib/app-process.mjs';
import { printBanner } from './lib/banner.mjs';
import { prepareData, startBacking, startInstallation } from './lib/cluster.mjs';
import { chooseServicePort, claimDataFolder } from './lib/data-folder.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { answerHelp } from './lib/help.mjs';
import { withOwnSecrets } from './lib/own-secrets.mjs';
import { inRoot } from './lib/paths.mjs';
import { requireFreePort } from './lib/ports.mjs';
import { sourceProgram } from './lib/programs.mjs';
import { ensureRedisServer } from './lib/redis-server.mjs';
import { readSettings, settingsTable } from './lib/settings.mjs';
import { sourceFolders, watchSources } from './lib/source-watch.mjs';
import { runCommand } from './lib/stop-stack.mjs';

answerHelp(
  `npm run dev runs MeldeSync from its sources until Ctrl-C; what changes is started again.\n\n${settingsTable()}\n`,
);

await runCommand(
  async (stack) => {
    const settings = readSettings(process.env, 'development');
    claimDataFolder(stack, settings.dataDir);
    await endLeftoverApps(settings.dataDir);
    await requireFreePort(settings.port, 'PORT');
    await Promise.all([ensureDependencies(), settings.redisUrl === undefined ? ensureRedisServer() : undefined]);

    const backing = await startBacking(stack, settings);
    const { accounts, setUpUrl } = await prepareData(settings, backing, sourceProgram);
    const nodePort = await chooseServicePort(settings.dataDir, 'sync nodes behind the dev server', undefined);
    const { adminPorts, apps } = await startInstallation(stack, settings, backing, sourceProgram, nodePort);
    const [web] = startApps(stack, settings.dataDir, [
      {
        name: 'web',
        program: [inRoot('scripts/lib/web-dev-server.mjs')],
        environment: {
          ...withOwnSecrets(process.env, undefined),
          NODE_ENV: settings.mode,
          PORT: String(settings.port),
          BASE_URL: settings.baseUrl,
          API_URL: `http://127.0.0.1:${nodePort}`,
        },
        readyUrl: `http://127.0.0.1:${settings.port}/`,
      },
    ]);
    await web?.ready;
    const endWatch = watchSources(
      apps.map(({ app, kind }) => ({ user: app, folders: sourceFolders(kind) })),
      (changed) => {
        for (const app of changed) app.replace('its source changed');
      },
    );
    stack.push({ name: 'watch of the sources', stop: async () => endWatch(), kill: endWatch });
    printBanner({ settings, accounts, setUpUrl, adminPorts });
    return new Promise(() => {});
  },
  { untilStopped: true },
);
