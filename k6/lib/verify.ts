import type { Client } from './client.ts';
import { readSnapshot } from './feed.ts';
import {
  checksumsDiffering,
  copiesVerified,
  gapsUnfilled,
  lostUpdates,
  reportError,
  ZERO_COUNTERS,
} from './metrics.ts';
import { pause } from './pause.ts';
import { RecordCopy } from './record-copy.ts';
import type { Service } from './service.ts';

const ANSWERS_LIMIT_MS = 15_000;
const LIVE_LIMIT_MS = 20_000;
const TRIES = 4;

/**
 * Compares a copy with the service, once nobody edits any more: everything acknowledged must be in it, and it must add up to what the
 * service says. Where it does not, a snapshot says by how many updates it is behind.
 */
export async function verify(client: Client, service: Service): Promise<void> {
  for (const counter of ZERO_COUNTERS) counter.add(0);
  const { copy } = client.feed;
  for (let waitedMs = 0; client.operations.size > 0 && waitedMs < ANSWERS_LIMIT_MS; waitedMs += 250) await pause(250);
  client.operations.giveUp();
  if (!(await client.whenLive(LIVE_LIMIT_MS))) {
    gapsUnfilled.add(1);
    console.error(`not current at the end, at ${copy.cursor}`);
    return;
  }
  if (copy.keepsRecords) {
    if (!(await agrees(client))) await countMissing(copy, service);
    for (const [record, version] of client.operations.acknowledged) {
      if (copy.versionOf(record) > 0 && copy.versionOf(record) < version) lost(record, copy.versionOf(record), version);
    }
  }
  copiesVerified.add(1);
}

/** Whether the copy adds up to what the service says of where it stands, asked anew. */
async function agrees(client: Client): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    const before = client.feed.agreed;
    if (client.isLive) client.feed.subscribe();
    await client.whenLive(LIVE_LIMIT_MS);
    if (client.feed.agreed > before) return true;
    // Somebody else's last edits may still be on their way.
    await pause(1_000);
  }
  return false;
}

async function countMissing(copy: RecordCopy, service: Service): Promise<void> {
  checksumsDiffering.add(1);
  const theirs = new RecordCopy(true);
  try {
    await readSnapshot(service, theirs, () => true);
  } catch (error) {
    reportError('verify', String(error));
    return;
  }
  for (const record of theirs.ids()) {
    if (copy.versionOf(record) < theirs.versionOf(record))
      lost(record, copy.versionOf(record), theirs.versionOf(record));
  }
}

function lost(record: number, version: number, wanted: number): void {
  lostUpdates.add(1);
  console.error(`record ${record} is at version ${version}, and ${wanted} was acknowledged`);
}
