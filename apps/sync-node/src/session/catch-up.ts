import { setTimeout as sleep } from 'node:timers/promises';
import type { BusFrame } from '@meldesync/bus';
import { type Cursor, comparePositions, frame as frameSchema, parseCursor, type Reset } from '@meldesync/protocol';
import { framesMessage } from '../feed/fanout.ts';
import { mergeFrames } from '../feed/merge-frames.ts';
import type { WorkspaceFeed } from '../feed/workspace-feed.ts';

/** Above this many queued bytes, catch-up waits for the client to read. */
const HIGH_WATER_BYTES = 512 * 1024;
/** How often and how long to wait for a node that is behind its client: less than the client waits for its answer. */
const AHEAD_ATTEMPTS = 10;
const AHEAD_DELAY_MS = 500;
/** Frames share a message up to this size, so that a client is never busy with one for long (R3.5). */
const MESSAGE_CHARACTERS = 256 * 1024;

export interface CatchUpClient {
  send(text: string): void;
  bufferedBytes(): number;
  drained(): Promise<void>;
  /** Whether the changes of a record are to be merged: the client has little room (R4.5). */
  readonly isMerged: boolean;
  /** Whether the client still waits for this; not once the connection is over. */
  wanted(): boolean;
  /** Called in the same turn in which the last missed frame was sent: nothing can come between. */
  goLive(): void;
}

/**
 * Brings a client from its cursor to the live feed without a gap (R4.2): first from the stream at the client's pace,
 * then, in one turn, the rest from memory and over to live. Answers why it needs a snapshot instead, or `stopped` when
 * nobody waits any more.
 */
export async function catchUp(
  feed: WorkspaceFeed,
  cursor: Cursor,
  client: CatchUpClient,
): Promise<'live' | 'stopped' | Reset['reason']> {
  const start = parseCursor(cursor);
  if (start.epoch !== feed.epoch) return 'epoch';
  let position = start.position;
  // The client may come from a node that is ahead of this one, or Redis lost what the relay is about to fill in again.
  for (let attempt = 1; comparePositions(position, feed.position) > 0; attempt++) {
    await feed.catchUp();
    if (comparePositions(position, feed.position) <= 0) break;
    if (attempt === AHEAD_ATTEMPTS) return 'unknown';
    await sleep(AHEAD_DELAY_MS);
    if (!client.wanted()) return 'stopped';
  }
  let announced = false;
  const announce = () => {
    if (announced) return;
    announced = true;
    client.send(`{"type":"subscribed","head":"${feed.position}"}`);
  };
  for (;;) {
    if (!client.wanted()) return 'stopped';
    const rest = position === feed.position ? [] : feed.recent.after(position);
    if (rest) {
      announce();
      for (const message of messagesOf(rest, client.isMerged)) client.send(message);
      client.goLive();
      return 'live';
    }
    const page = await feed.readAfter(position);
    const last = page.at(-1);
    if (!last || page[0]?.prev !== position) return 'too-old';
    if (!client.wanted()) return 'stopped';
    announce();
    for (const message of messagesOf(page, client.isMerged)) {
      client.send(message);
      while (client.bufferedBytes() > HIGH_WATER_BYTES) await client.drained();
      if (!client.wanted()) return 'stopped';
    }
    position = last.id;
  }
}

/** Frames as messages, each at least one frame. */
function* messagesOf(frames: readonly BusFrame[], isMerged: boolean): Generator<string> {
  if (isMerged) {
    const merged = mergeFrames(frames.map(({ json }) => frameSchema.parse(JSON.parse(json))));
    if (merged) yield framesMessage([JSON.stringify(merged)]);
    return;
  }
  let batch: string[] = [];
  let characters = 0;
  for (const { json } of frames) {
    if (batch.length > 0 && characters + json.length > MESSAGE_CHARACTERS) {
      yield framesMessage(batch);
      batch = [];
      characters = 0;
    }
    batch.push(json);
    characters += json.length;
  }
  if (batch.length > 0) yield framesMessage(batch);
}
