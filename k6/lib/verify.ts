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
/** From an acknowledgement until its frame: it may come first (P20). */
const FRAMES_LIMIT_MS = 10_000;
/** What others have changed while a snapshot was read is here by then. */
const SNAPSHOT_LEAD_MS = 3_000;
const LIVE_LIMIT_MS = 20_000;
const TRIES = 4;

/**
 * Compares a copy with the service, once its person edits no more: everything acknowledged must be in it, and it must add up to what the
 * service says. Where it does not, a snapshot says by how many updates it is behind.
 */
export async function verify(client: Client, service: Service): Promise<void> {
  for (const counter of ZERO_COUNTERS) counter.add(0);
  const { copy } = client.feed;
  await until(() => client.operations.size === 0, ANSWERS_LIMIT_MS);
  client.operations.giveUp();
  if (!(await client.whenLive(LIVE_LIMIT_MS))) {
    gapsUnfilled.add(1);
    console.error(`not current at the end, at ${copy.cursor}`);
    return;
  }
  if (copy.keepsRecords) {
    await until(() => unseen(client).length === 0, FRAMES_LIMIT_MS);
    for (const [record, version] of unseen(client)) lost(record, copy.versionOf(record), version);
    if (!(await agrees(client))) await countMissing(copy, service);
  }
  copiesVerified.add(1);
}

/** What the person's acknowledged edits made of records, and the copy has not. A record that is gone has no version. */
function unseen(client: Client): [number, number][] {
  const { copy } = client.feed;
  return [...client.operations.acknowledged].filter(([record, version]) => {
    const own = copy.versionOf(record);
    return own > 0 && own < version;
  });
}

async function until(isSo: () => boolean, limitMs: number): Promise<void> {
  const end = Date.now() + limitMs;
  while (!isSo() && Date.now() < end) await pause(100);
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
    await pause(SNAPSHOT_LEAD_MS);
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
