#!/usr/bin/env node
import { runCli } from './app.ts';
import { EXIT } from './exit-codes.ts';

const ending = new AbortController();

let heedsInterrupts = true;

// The first Ctrl-C ends the work in order, a second one at once.
process.on('SIGINT', () => {
  if (!heedsInterrupts) return;
  if (ending.signal.aborted) process.exit(EXIT.interrupted);
  ending.abort('SIGINT');
});
process.once('SIGTERM', () => ending.abort('SIGTERM'));

// `meldesync list | head` closes our output early: that is its reader's good right.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failure);
  });
}

process.exitCode = await runCli({
  args: process.argv.slice(2),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: ending.signal,
  leaveInterrupts: () => {
    heedsInterrupts = false;
  },
});
