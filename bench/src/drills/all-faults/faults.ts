import { UsageError } from '../../options.ts';
import type { Fault } from './fault.ts';
import * as everything from './faults/everything.ts';
import * as failovers from './faults/failovers.ts';
import * as postgres from './faults/postgres.ts';
import * as processes from './faults/processes.ts';
import * as redis from './faults/redis.ts';
import { LINE_NAMES, type LineName } from './stage.ts';

const USUAL_S = 15;
/** Longer than everything that waits for an answer may wait. */
const LONG_S = 120;
/** An outage of everything, after which people are to be back within seconds. */
const OUTAGE_S = 60;
const BAD_LINE = { delayMs: 200, lossShare: 0, resendMs: 0 };
const LOSSY_LINE = { delayMs: 20, lossShare: 0.05, resendMs: 400 };

function at(name: string, what: string, start: Fault['start'], options: Partial<Fault> = {}): Fault {
  return { name, what, seconds: USUAL_S, start, ...options };
}

/** No word passes between two any more and neither is told, neither of what was there nor of what comes. */
function halfOpen(name: LineName): Fault {
  const start: Fault['start'] = async ({ stage }) => {
    const line = stage.lines[name];
    const before = line.silenced;
    line.silence();
    return {
      mend: () => {
        line.restore();
        return line.silenced - before;
      },
    };
  };
  return at(`half-open-${name}`, `${name}: nothing passes, nobody is told`, start, { seconds: LONG_S });
}

function badLines(name: string, what: string, lag: typeof BAD_LINE): Fault {
  return at(name, what, async ({ stage }) => {
    const lines = Object.values(stage.lines);
    const passed = () => lines.map(({ lagged }) => lagged);
    const before = passed();
    for (const line of lines) line.lag(lag);
    return {
      mend: () => {
        for (const line of lines) line.lag(null);
        // On every line, or it was not every line.
        return Math.min(...passed().map((count, index) => count - (before[index] ?? 0)));
      },
    };
  });
}

/** Every fault, each over real processes. */
export const FAULTS: readonly Fault[] = [
  at('redis-killed', 'SIGKILL, back empty', redis.kill),
  at('redis-away-120', 'away; edits and manual refresh go on', redis.away, { seconds: LONG_S }),
  at('redis-paused', 'SIGSTOP', redis.pause),
  at('redis-emptied', 'FLUSHALL', redis.empty),
  at('redis-trimmed', 'XTRIM of every stream to nothing', redis.trim),
  at('redis-restored-stale', 'killed, back with a state from before', redis.restoreStale, { spoils: true }),
  at('redis-full', 'maxmemory reached, noeviction', redis.fill),
  at('redis-failed-over', 'killed, Sentinel puts a replica in its place', failovers.failRedisOver, { spoils: true }),
  at('subscriptions-cut', 'the connections that subscribe fall silent, for ever', redis.cutSubscriptions),
  at('postgres-killed', 'SIGKILL to each process', postgres.crash),
  at('postgres-paused', 'SIGSTOP to each process', postgres.pause),
  at('postgres-restarted-fast', 'fast shutdown, away meanwhile', postgres.restartFast),
  at('postgres-restarted-immediate', 'immediate shutdown, away meanwhile', postgres.restartImmediately),
  at('postgres-connections-ended', 'pg_terminate_backend of all, each second', postgres.endConnections),
  at('postgres-connections-exhausted', 'no connection left, those there ended', postgres.exhaustConnections),
  at('postgres-disk-full', 'no byte left on the disk of Postgres', postgres.fillDisk, {
    needsSmallDisk: true,
    // What fills it is memory, and is written in one go.
    isAlone: true,
    spoils: true,
  }),
  at('postgres-failed-over', 'gone for good, a synchronous standby is promoted', failovers.failPostgresOver, {
    spoils: true,
  }),
  at('slot-dropped', 'the replication slot is dropped', postgres.dropSlot),
  at(
    'slot-dropped-idle-transaction',
    'the slot is dropped, a transaction that wrote stays open',
    postgres.dropSlotIdle,
  ),
  at('triggers-bypassed', 'UPDATE with session_replication_role = replica', postgres.bypassTriggers, { seconds: 5 }),
  at('settings-forged', 'SQL that sets meldesync.… to another person, and to nonsense', postgres.forgeSettings),
  at('relay-killed', 'SIGKILL of the active relay, a standby there', processes.killRelay),
  at('relay-frozen', 'SIGSTOP of the active relay, a standby there', processes.freezeRelay, { seconds: 30 }),
  at('relays-killed', 'SIGKILL of both relays', processes.killRelays),
  at('node-killed', 'SIGKILL of a node', processes.killNode),
  at('node-paused', 'SIGSTOP of a node', processes.pauseNode, { seconds: 30 }),
  at('nodes-killed', 'SIGKILL of both nodes', processes.killNodes),
  at('worker-killed', 'SIGKILL of the worker', processes.killWorker),
  at('worker-paused', 'SIGSTOP of the worker', processes.pauseWorker, { seconds: 40 }),
  at('clocks-forward', 'the clocks of all our processes an hour forward, and back', processes.stepClocksForward),
  at('clocks-back', 'the clocks of all our processes an hour back, and forward', processes.stepClocksBack),
  at('servers-away', 'Postgres and Redis gone, nothing passes on any line', everything.serversAway, {
    seconds: OUTAGE_S,
  }),
  at('everything-killed', 'Postgres, Redis and every process gone', everything.everythingKilled, {
    // Not so long that people go on over HTTP, where the witness takes them for programs.
    seconds: OUTAGE_S - 10,
  }),
  badLines('latency', '200 ms each way on every line', BAD_LINE),
  badLines('loss', '20 ms each way and 5 % lost on every line', LOSSY_LINE),
  ...LINE_NAMES.map(halfOpen),
];

/** A fault by its name. @throws {UsageError} where there is none */
export function findFault(name: string): Fault {
  const found = FAULTS.find((fault) => fault.name === name);
  if (found) return found;
  throw new UsageError(`There is no fault ${name}. There are: ${FAULTS.map((fault) => fault.name).join(', ')}`);
}
