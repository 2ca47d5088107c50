import { randomUUID } from 'node:crypto';
import { CLUSTER_FORMAT, createOperationsBoard } from '@meldesync/bus';
import { VERSION } from '@meldesync/lifecycle';
import type {
  Operations,
  OperationsLevel,
  OperationsProcess,
  ReportUnreadable,
  WantedLevel,
} from '@meldesync/protocol';
import type { Logger, Readiness } from '@meldesync/telemetry';
import { type DecidedLevel, LevelDecider } from './degradation/level-decider.ts';
import { LevelFollower } from './degradation/level-follower.ts';
import type { DegradationLimits } from './degradation/measures.ts';
import type { ChosenLevel } from './degradation/stored-level.ts';
import { Membership } from './membership.ts';
import { Activity } from './status/activity.ts';
import { mergeHistory } from './status/merge-history.ts';
import type { ProcessStatus } from './status/process-status.ts';
import { readHistory, readStatuses } from './status/read-board.ts';
import { RecentActivity } from './status/recent-activity.ts';
import { asProcess, feedOf, takePoint } from './status/view.ts';
import { watchVitals } from './status/vitals.ts';

/** What a process says of itself that not every process can say. */
export type OwnFacts = Pick<ProcessStatus, 'connections' | 'pool' | 'feed' | 'certificates'>;

export interface JoinOptions {
  readonly kind: OperationsProcess['kind'];
  readonly name: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  /** What this process may have; what its control group allows, or the machine has, when not said. */
  readonly memoryLimitBytes?: number | undefined;
  readonly ready: () => Promise<Readiness>;
  readonly facts: () => OwnFacts;
  /** What a node does. */
  readonly activity?: Activity;
  /** Of a process that may decide on the level. */
  readonly limits?: DegradationLimits;
  /** The process works at another level from now on. */
  readonly onLevel: (level: OperationsLevel['name']) => void;
  /** This process has decided on another level for all. */
  readonly onDecided?: (decided: DecidedLevel) => void;
  readonly logger: Logger;
  readonly onConnectionError: (error: Error) => void;
  readonly onUnreadable: ReportUnreadable;
}

/** A process among all: it says how it is, sees how the others are, and works at the level of all. */
export interface OperationsMember extends AsyncDisposable {
  readonly level: OperationsLevel;
  /** How this process is. */
  own(): Promise<OperationsProcess>;
  /** How all are. Rejects with a `BusUnavailableError` where Redis does not answer within 2 s. */
  all(): Promise<ClusterStatus>;
  /** Sets the level by hand, or leaves it to what is measured. Rejects as `all`. */
  choose(level: WantedLevel, by: string): Promise<void>;
}

export type ClusterStatus = Pick<Operations, 'processes' | 'feed' | 'history'>;

/** Joins. Long because it names, once, what each part is given. */
export function joinOperations(options: JoinOptions): OperationsMember {
  const { kind, name, ready, facts, activity, limits, logger, onUnreadable } = options;
  const process = randomUUID();
  const startedAt = new Date().toISOString();
  const vitals = watchVitals(options.memoryLimitBytes);
  let taken = vitals.take();
  const now = () => performance.now();
  const recent = new RecentActivity(activity ?? new Activity(), now());
  const describe = async (): Promise<ProcessStatus> => {
    const { usable, live, missing, canaryAgeMs = null, role } = await ready();
    return {
      name,
      kind,
      version: VERSION,
      format: CLUSTER_FORMAT,
      startedAt,
      usable,
      live,
      missing: [...missing],
      ...taken,
      canaryAgeMs,
      ...(role === undefined ? {} : { role }),
      ...facts(),
    };
  };
  const board = createOperationsBoard({
    url: options.redisUrl,
    prefix: options.redisPrefix,
    onConnectionError: options.onConnectionError,
    onUnreadable,
    onLevel: () => membership.levelChanged(),
  });
  const statuses = async () => (await readStatuses(board.statuses, onUnreadable)).map(({ status }) => status);
  const follower = new LevelFollower({
    board: board.level,
    onUnreadable,
    now,
    onLevel: (level) => {
      logger.event('level-changed', { serviceLevel: level.name, chosenBy: level.chosenBy, reasons: level.reasons });
      options.onLevel(level.name);
    },
  });
  const membership = new Membership({
    process,
    board,
    follower,
    decider:
      limits &&
      new LevelDecider({
        process,
        board: board.level,
        statuses,
        limits,
        onUnreadable,
        onDecided: options.onDecided,
        now,
      }),
    status: async () => {
      taken = vitals.take();
      return { ...(await describe()), ...(activity ? { recent: recent.recent(now()) } : {}) };
    },
    point: kind === 'worker' ? undefined : () => takePoint(recent, facts(), now()),
    logger,
  });
  return {
    get level() {
      return follower.level;
    },
    own: async () => asProcess(await describe(), Date.now()),
    all: async () => {
      const [seen, noted] = await Promise.all([
        readStatuses(board.statuses, onUnreadable),
        readHistory(board.statuses, onUnreadable),
      ]);
      return {
        processes: seen
          .map(({ status, seenAt }) => asProcess(status, seenAt))
          .toSorted((a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name)),
        feed: feedOf(seen.map(({ status }) => status)),
        history: mergeHistory(noted),
      };
    },
    choose: async (level, by) => {
      const chosen: ChosenLevel | null = level === 'automatic' ? null : { level, since: new Date().toISOString(), by };
      await board.level.choose(chosen && JSON.stringify(chosen));
      logger.event('level-chosen', { serviceLevel: level, user: by });
      await follower.read();
    },
    [Symbol.asyncDispose]: async () => {
      await membership[Symbol.asyncDispose]();
      board[Symbol.dispose]();
      vitals[Symbol.dispose]();
    },
  };
}
