// node wait-ready.mjs URL: ends with 0 once it answers 200, with 1 after a minute.
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;
const [url = ''] = process.argv.slice(2);
const deadline = performance.now() + PATIENCE_MS;

async function isReady() {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

while (!(await isReady())) {
  if (performance.now() > deadline) process.exit(1);
  await sleep(250);
}
