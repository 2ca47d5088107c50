import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame } from '@meldesync/protocol';
import type { BenchContext } from './context.ts';
import { printFanout } from './fanout-report.ts';
import type { FanoutOptions, Round } from './fanout-round.ts';
import { cpuSeconds } from './measure/cpu-time.ts';
import { type Remote, startRemote } from './processes/remote.ts';
import type { ReceiverProcess } from './receivers/receiver-process.ts';
import type { Target } from './receivers/wire.ts';
import { type Feed, meldesyncFeed, socketIoFeed } from './systems/feeds.ts';

const WARM_UP_SECONDS = 10;
/** So that nothing of the connecting is still under way. */
const REST_MS = 1_000;

/**
 * Measures the CPU time that servers need to deliver frames to many clients, beside Socket.IO on the same frames, turn
 * by turn, and prints it.
 * @returns whether every client of either got every frame once and in order
 */
export async function runFanout(context: BenchContext, options: FanoutOptions): Promise<boolean> {
  const ours: Round[] = [];
  const peers: Round[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    context.step(`Round ${round} of ${options.rounds}: MeldeSync`, 'preparation');
    const { result, frames } = await withFeed(meldesyncFeed(context, options), (feed) =>
      runRound(context, options, feed),
    );
    ours.push(result);
    context.step(`Round ${round} of ${options.rounds}: Socket.IO, the same frames`, 'preparation');
    const peer = await withFeed(socketIoFeed(context, options, frames), (feed) => runRound(context, options, feed));
    peers.push(peer.result);
  }
  printFanout(options, ours, peers);
  return [...ours, ...peers].every(({ lost, outOfOrder }) => lost === 0 && outOfOrder === 0);
}

async function withFeed<T>(opening: Promise<Feed>, use: (feed: Feed) => Promise<T>): Promise<T> {
  await using feed = await opening;
  return await use(feed);
}

async function runRound(
  context: BenchContext,
  options: FanoutOptions,
  feed: Feed,
): Promise<{ result: Round; frames: readonly Frame[] }> {
  await using receivers = await connect(context, options, feed.targets);
  await sleep(REST_MS, undefined, { signal: context.signal });
  context.step('Delivering', 'trial');
  const warmUp = await deliver(receivers, feed, options.rate * WARM_UP_SECONDS, 0);
  const [nodesBefore, allBefore] = await Promise.all([cpuSeconds(feed.nodePids), cpuSeconds(feed.allPids)]);
  const total = await deliver(receivers, feed, options.rate * options.seconds, warmUp);
  const [nodesAfter, allAfter] = await Promise.all([cpuSeconds(feed.nodePids), cpuSeconds(feed.allPids)]);
  const report = await receivers.call('report', null);
  await receivers.call('close', null);
  const result = {
    nodeCpu: nodesAfter - nodesBefore,
    allCpu: allAfter - allBefore,
    deliveries: (total - warmUp) * options.clients,
    lost: total * options.clients - report.deliveries,
    outOfOrder: report.outOfOrder,
    messageBytes: report.bytes / report.messages,
    framesPerMessage: report.deliveries / report.messages,
  };
  return { result, frames: report.frames };
}

/** Sends frames and waits until they have arrived; how many have been sent since the receivers connected. */
async function deliver(receivers: Remote<ReceiverProcess>, feed: Feed, count: number, before: number): Promise<number> {
  await feed.send(count);
  const frames = before + count;
  await receivers.call('settle', { frames });
  return frames;
}

async function connect(
  context: BenchContext,
  { clients }: FanoutOptions,
  targets: readonly Target[],
): Promise<Remote<ReceiverProcess>> {
  const file = new URL('./receivers/receiver-process.ts', import.meta.url);
  const receivers = startRemote<ReceiverProcess>(context, { name: 'receivers', file, isServer: false });
  try {
    await receivers.call('connect', { targets, clients });
    return receivers;
  } catch (error) {
    await receivers[Symbol.asyncDispose]();
    throw error;
  }
}
