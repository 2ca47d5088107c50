import './lib/node-version.mjs';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { runInForeground } from './lib/foreground.mjs';
import { inRoot } from './lib/paths.mjs';
import { runCommand } from './lib/stop-stack.mjs';
import { startTestServices } from './lib/test-services.mjs';

await runCommand(async (stack) => {
  await ensureDependencies();
  await ensureBuild(['programs']);
  const services = await startTestServices(stack, { durable: true });
  return runInForeground(
    stack,
    'bench',
    [inRoot('node_modules/tsx/dist/cli.mjs'), inRoot('bench/src/main.ts'), ...process.argv.slice(2)],
    { ...process.env, NODE_ENV: 'production', ...services },
  );
});
