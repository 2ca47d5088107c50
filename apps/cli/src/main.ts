#!/usr/bin/env node
import { runCli } from './app.ts';
import { EXIT } from './exit-codes.ts';
import { openSystemKeyring } from './session/keyring.ts';

const ending = new AbortController();

let heedsInterrupts = true;

// The first Ctrl-C ends the work in order, a second one at once.
process.on('SIGINT', () => {
  if (!heedsInterrupts) return;
  if (ending.signal.aborted) process.exit(EXIT.interrupted);
  ending.abort('SIGINT');
});
process.once('SIGTERM', () => ending.abort('SIGTERM'));

let endsWithReader = false;
let isOutputLost = false;

// `meldesync list | head` closes our output early: that is its reader's good right, and no reason to leave an import or
// a lock half done. What is written from then on goes nowhere; the command ends as it would have.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') loseOutput();
    else if (endsWithReader && stream === process.stdout) process.exit(EXIT.readerGone);
  });
}

/** Output that could not be written, on a full disk for instance, is a failure, though no reason to stop either. */
function loseOutput(): void {
  isOutputLost = true;
  process.exitCode ||= EXIT.failure;
}

const exitCode = await runCli({
  args: process.argv.slice(2),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: ending.signal,
  leaveInterrupts: () => {
    heedsInterrupts = false;
  },
  endWithReader: () => {
    endsWithReader = true;
  },
  openKeyring: openSystemKeyring,
});
process.exitCode = exitCode === EXIT.ok && isOutputLost ? EXIT.failure : exitCode;
