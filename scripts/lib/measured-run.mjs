import { ensureBuild } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { runInForeground } from './foreground.mjs';
import { inRoot } from './paths.mjs';
import { runCommand } from './stop-stack.mjs';
import { startTestServices } from './test-services.mjs';

/**
 * Runs a program of `bench/src` with the arguments of this process, against built servers and a Postgres and Redis of
 * its own.
 * @param {'bench' | 'drill'} name
 * @param {string} file below bench/src
 */
export async function runMeasured(name, file) {
  await runCommand(async (stack) => {
    await ensureDependencies();
    const args = process.argv.slice(2);
    const program = [inRoot('node_modules/tsx/dist/cli.mjs'), inRoot(`bench/src/${file}`), ...args];
    // What only tells what there is needs nothing.
    if (args.includes('--help') || args[0] === '--list') return runInForeground(stack, name, program, process.env);
    await ensureBuild(['programs']);
    const services = await startTestServices(stack, { durable: true });
    return runInForeground(stack, name, program, { ...process.env, NODE_ENV: 'production', ...services });
  });
}
