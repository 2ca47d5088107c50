// Runs one service for as long as its owner lives. The owner holds this process's standard input open; when that
// ends, because the owner asked for it or was killed, the service is stopped properly. So nothing is ever left
// behind, and a terminal's Ctrl-C, which reaches the owner only, cannot stop Postgres before its clients.
import { spawn } from 'node:child_process';
import { appendFileSync, openSync, rmSync } from 'node:fs';

/** @type {import('./service.mjs').KeeperOrder} */
const order = JSON.parse(process.argv[2] ?? '');
// What a service writes is its own: an append-only file of Redis holds what was edited.
process.umask(0o077);
const output = openSync(order.logFile, 'a', 0o600);
const child = spawn(order.command, order.args, {
  cwd: order.cwd,
  env: { ...process.env, ...order.environment },
  stdio: ['ignore', output, output],
  ...order.user,
});

/** How long the quick end may take, once a proper one took too long. */
const QUICK_END_MS = 5_000;

/** @param {number} code */
function end(code) {
  for (const folder of order.removeFolders) rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

child.on('error', (error) => {
  appendFileSync(order.logFile, `${error.message}\n`);
  end(127);
});
child.on('exit', (code, signal) => {
  // How it ended, for the owner, who cannot see it from our own end. The owner may be gone.
  process.stdout.on('error', () => end(code ?? 1));
  process.stdout.write(signal ?? `exit code ${code}`, () => end(code ?? 1));
});

process.stdin.on('close', () => {
  child.kill(order.stopSignal);
  setTimeout(() => {
    child.kill(order.killSignal);
    setTimeout(() => child.kill('SIGKILL'), QUICK_END_MS);
  }, order.graceMs);
});
process.stdin.resume();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(order.killSignal));
}
