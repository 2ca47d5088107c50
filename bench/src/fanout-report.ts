import type { FanoutOptions, Round } from './fanout-round.ts';
import { formatTable, median, round } from './measure/table.ts';

/** The most that the nodes may need of what the peer's need. */
const TARGET_RATIO = 0.6;
const MILLION = 1_000_000;

/** Prints the rounds for people, and what they come to as a line of JSON. */
export function printFanout(options: FanoutOptions, ours: readonly Round[], peers: readonly Round[]): void {
  const cpuPerMillion = median(ours.map(nodesPerMillion));
  const peerCpuPerMillion = median(peers.map(nodesPerMillion));
  const withRelay = median(ours.map(allPerMillion));
  const peerWithRedis = median(peers.map(allPerMillion));
  const ratio = cpuPerMillion / peerCpuPerMillion;
  const ratioWithRelay = withRelay / peerWithRedis;
  console.log(
    formatTable([
      ['CPU seconds a million deliveries', 'nodes', 'with Redis and relay', 'deliveries', 'bytes', 'frames/message'],
      ...ours.flatMap((run, index) => [rowOf(`MeldeSync, round ${index + 1}`, run), peerRow(peers[index], index)]),
    ]),
  );
  console.log(
    `\n${options.clients} clients on two nodes, ${options.rate} frames/s for ${options.seconds} s; ` +
      `lost ${sum(ours, 'lost')} and ${sum(peers, 'lost')}, out of order ${sum(ours, 'outOfOrder')} and ${sum(peers, 'outOfOrder')}`,
  );
  console.log(
    `the nodes need ${round(ratio)} of what Socket.IO's need, ${ratio <= TARGET_RATIO ? 'within' : 'OVER'} ${TARGET_RATIO}; ` +
      `${round(ratioWithRelay)} with Redis on both sides and the relay on ours\n`,
  );
  console.log(
    JSON.stringify({
      benchmark: 'fanout',
      ratio: round(ratio),
      ratioWithRelay: round(ratioWithRelay),
      cpuPerMillion: round(cpuPerMillion),
      peerCpuPerMillion: round(peerCpuPerMillion),
      cpuPerMillionWithRelay: round(withRelay),
      peerCpuPerMillionWithRedis: round(peerWithRedis),
      deliveries: sum(ours, 'deliveries'),
      peerDeliveries: sum(peers, 'deliveries'),
      framesPerMessage: round(median(ours.map((run) => run.framesPerMessage))),
      peerFramesPerMessage: round(median(peers.map((run) => run.framesPerMessage))),
      ...options,
      lost: sum(ours, 'lost'),
      peerLost: sum(peers, 'lost'),
      outOfOrder: sum(ours, 'outOfOrder'),
      peerOutOfOrder: sum(peers, 'outOfOrder'),
    }),
  );
}

function peerRow(run: Round | undefined, index: number): string[] {
  return run ? rowOf(`Socket.IO, round ${index + 1}`, run) : [];
}

function rowOf(name: string, run: Round): string[] {
  return [
    name,
    round(nodesPerMillion(run)).toFixed(2),
    round(allPerMillion(run)).toFixed(2),
    String(run.deliveries),
    String(Math.round(run.messageBytes)),
    run.framesPerMessage.toFixed(3),
  ];
}

function nodesPerMillion({ nodeCpu, deliveries }: Round): number {
  return (nodeCpu / deliveries) * MILLION;
}

function allPerMillion({ allCpu, deliveries }: Round): number {
  return (allCpu / deliveries) * MILLION;
}

function sum(rounds: readonly Round[], field: 'lost' | 'outOfOrder' | 'deliveries'): number {
  return rounds.reduce((total, round) => total + round[field], 0);
}
