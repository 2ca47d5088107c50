import './lib/node-version.mjs';
import { startBalancedCluster } from './lib/balanced-cluster.mjs';
import { printBanner } from './lib/banner.mjs';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureHaproxy } from './lib/haproxy-program.mjs';
import { answerHelp } from './lib/help.mjs';
import { since, step } from './lib/log.mjs';
import { ensureRedisServer } from './lib/redis-server.mjs';
import { readSettings, settingsTable } from './lib/settings.mjs';
import { runCommand } from './lib/stop-stack.mjs';

/** Beside what `npm start` keeps. */
const DATA_DIR = '.data/cluster';

answerHelp(`npm run cluster runs MeldeSync until Ctrl-C: two relays, two workers and three sync nodes behind HAProxy, which runs with
deploy/haproxy/haproxy.cfg. What it keeps lies in ${DATA_DIR} unless DATA_DIR says otherwise.

${settingsTable()}
`);

await runCommand(
  async (stack) => {
    const startedMs = performance.now();
    const settings = readSettings({ ...process.env, DATA_DIR: process.env['DATA_DIR'] || DATA_DIR }, 'production');
    await ensureHaproxy();
    await Promise.all([
      settings.redisUrl === undefined ? ensureRedisServer() : undefined,
      ensureDependencies().then(() => ensureBuild()),
    ]);
    const cluster = await startBalancedCluster(stack, settings);
    step('ready', `after ${since(startedMs)}`);
    printBanner({ settings, ...cluster });
    step('haproxy', `${cluster.balancer.figuresUrl}/stats`);
    return new Promise(() => {});
  },
  { untilStopped: true },
);
