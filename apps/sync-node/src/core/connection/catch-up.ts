import type { BusFrame } from '@meldesync/bus';
import {
  type Cursor,
  comparePositions,
  type FramePosition,
  parseCursor,
  type Reset,
  type Subscribed,
} from '@meldesync/protocol';
import { isPushed, isRange, MAX_PUSHED_CHANGES, messagesOf, type Step, stepEnd, toRange } from '../../feed/steps.ts';
import type { WorkspaceFeed } from '../../feed/workspace-feed.ts';
import type { WayBack } from './connection-log.ts';

/** How often and how long to wait until the node has reached where its client stands: less than the client waits for its answer. */
const AHEAD_ATTEMPTS = 10;
const AHEAD_DELAY_MS = 500;

export interface CatchUpClient {
  send(text: string): void;
  /** Whether the changes of a record are to be merged: the client has little room (R4.5). */
  readonly isMerged: boolean;
  /** Whether the node does not hear what happens: to wait for it is no use. */
  isStale(): boolean;
  /** Whether the client still waits for this; not once the connection is over. */
  isWanted(): boolean;
  sleep(delayMs: number): Promise<void>;
  /** What it lacked: frames, and changes of ranges. */
  lacked(frames: number): void;
  /** Called in the same turn in which the last missed step was sent, with where it came from: nothing can come between. */
  goLive(how: WayBack): void;
}

/**
 * Brings a client from its cursor to the live feed without a gap (R4.2). A little that it missed is sent; more than that is
 * one range, which the client pulls at its own pace while it is live already (R3.5). Answers why it needs a snapshot
 * instead, or `stopped` when nobody waits any more.
 */
export async function catchUp(
  feed: WorkspaceFeed,
  cursor: Cursor,
  client: CatchUpClient,
): Promise<'live' | 'stopped' | Reset['reason']> {
  const start = parseCursor(cursor);
  if (start.epoch !== feed.epoch) return 'epoch';
  let { position } = start;
  // The client may come from a node that is ahead of this one, or Redis lost what the relay is about to fill in again.
  for (let attempt = 1; comparePositions(position, feed.position) > 0; attempt++) {
    if (client.isStale()) return 'unknown';
    await feed.catchUp();
    if (comparePositions(position, feed.position) <= 0) break;
    if (attempt === AHEAD_ATTEMPTS) return 'unknown';
    await client.sleep(AHEAD_DELAY_MS);
    if (!client.isWanted()) return 'stopped';
  }
  const missed: Step[] = [];
  for (;;) {
    if (!client.isWanted()) return 'stopped';
    const rest = position === feed.position ? [] : feed.recent.after(position);
    if (rest) {
      const { position: head, checksum } = feed;
      // Of a state that is known to be old it proves nothing: a snapshot is ahead of it.
      const subscribed: Subscribed = {
        type: 'subscribed',
        head,
        ...(checksum === null || client.isStale() ? {} : { sum: checksum }),
      };
      client.send(JSON.stringify(subscribed));
      const lacked = [...missed, ...rest];
      const steps = pushable(lacked);
      for (const { text } of messagesOf(steps, client.isMerged)) client.send(text);
      client.lacked(lacked.reduce((sum, step) => sum + (isRange(step) ? step.changes : 1), 0));
      client.goLive(wayOf(steps, missed.length > 0));
      return 'live';
    }
    const steps = await readMissed(feed, position);
    const last = steps.at(-1);
    if (!last) return 'too-old';
    missed.push(...steps);
    position = stepEnd(last);
  }
}

function wayOf(steps: readonly Step[], isRead: boolean): WayBack {
  if (steps.some(isRange)) return 'range';
  if (isRead) return 'stream';
  return steps.length > 0 ? 'memory' : 'nothing';
}

/** Steps that follow on a position, by way of the stream, at most to where the node stands; none when it lacks them. */
async function readMissed(feed: WorkspaceFeed, position: FramePosition): Promise<readonly Step[]> {
  const changes = await feed.countAfter(position);
  if (changes === undefined) return [];
  if (changes > MAX_PUSHED_CHANGES)
    return [{ from: position, to: feed.position, changes, txids: [], checksum: feed.checksum }];
  const frames = await feed.readAfter(position, MAX_PUSHED_CHANGES);
  return joining(frames, position).filter(({ id }) => comparePositions(id, feed.position) <= 0);
}

/** The frames that follow on a position and on each other: somebody may have deleted one from within the stream. */
function joining(frames: readonly BusFrame[], position: FramePosition): readonly BusFrame[] {
  const broken = frames.findIndex(({ prev }, index) => prev !== (frames[index - 1]?.id ?? position));
  return broken < 0 ? frames : frames.slice(0, broken);
}

/** The steps as they are if they are little enough to be pushed, else one range. */
function pushable(steps: readonly Step[]): readonly Step[] {
  const frames = steps.filter((step): step is BusFrame => !isRange(step));
  const changes = frames.reduce((sum, step) => sum + step.changes, 0);
  const characters = frames.reduce((sum, { json }) => sum + json.length, 0);
  if (isPushed({ changes, characters })) return steps;
  const range = toRange(steps);
  return range ? [range] : [];
}
