import type { LogSetting, PostgresServerFacts, TrailFacts } from '@meldesync/db';
import { isOlder, OLDEST_SERVERS } from '@meldesync/lifecycle';
import { type Finding, type FindingState, findingsOf } from '../finding.ts';

/** Much more than is written in the time for which the relay holds the log back. */
const MUCH_KEPT_BYTES = 8 * 1024 ** 3;

/** Judges what a Postgres says of itself. */
export function judgePostgres(facts: PostgresServerFacts, slot: string): Finding[] {
  return [
    version(facts),
    ...log(facts),
    ...roles(facts),
    slotState(facts, slot),
    ...trail(facts),
    ...statements(facts.logSettings),
  ];
}

function version({ version, isStandby, schema }: PostgresServerFacts): Finding {
  const find = findingsOf('postgres');
  if (isOlder(version, OLDEST_SERVERS.PostgreSQL))
    return find('failed', 'postgresTooOld', { version, oldest: OLDEST_SERVERS.PostgreSQL });
  if (isStandby) return find('failed', 'postgresStandby', { version });
  switch (schema.state) {
    case 'none':
      return find('failed', 'notMigrated', { version });
    case 'older':
      return find('failed', 'tablesOlder', { version });
    case 'newer':
      return find('warning', 'tablesNewer', { version });
    case 'hidden':
      return find('skipped', 'tablesHidden', { version });
    case 'same':
      return find('ok', 'postgresFine', { version });
  }
}

function log({ walLevel, maxReplicationSlots: most, replicationSlots: used }: PostgresServerFacts): Finding[] {
  const level = findingsOf('walLevel');
  const slots = findingsOf('replicationSlots');
  return [
    walLevel === 'logical' ? level('ok', 'walLevelFine') : level('failed', 'walLevelWrong', { walLevel }),
    most === 0
      ? slots('failed', 'noSlots')
      : used >= most
        ? slots('warning', 'slotsUsedUp', { used, most })
        : slots('ok', 'slotsFine', { used, most }),
  ];
}

function roles({ roles }: PostgresServerFacts): Finding[] {
  const find = findingsOf('roles');
  const missing = roles.filter(({ exists }) => !exists).map(({ role }) => role);
  if (missing.length > 0) return [find('failed', 'rolesMissing', { roles: missing.join(', ') })];
  // People sign in as auditors or as members of theirs; the processes as the others.
  const mute = roles.filter(({ role, signsIn }) => !signsIn && !role.endsWith('_auditor')).map(({ role }) => role);
  const relay = roles.find(({ role }) => role.endsWith('_relay'));
  const found = [
    ...(mute.length > 0 ? [find('warning', 'rolesMute', { roles: mute.join(', ') })] : []),
    ...(relay && relay.signsIn && !relay.replicates
      ? [find('failed', 'relayCannotReplicate', { role: relay.role })]
      : []),
    ...roles.flatMap(({ role, isWide }) => (isWide ? [find('warning', 'roleWide', { role })] : [])),
  ];
  return found.length > 0 ? found : [find('ok', 'rolesFine')];
}

function slotState({ slot }: PostgresServerFacts, name: string): Finding {
  const find = findingsOf('slot');
  if (!slot) return find('warning', 'slotMissing', { slot: name });
  if (slot.isLost) return find('failed', 'slotLost', { slot: name });
  if (!slot.isActive) return find('failed', 'slotIdle', { slot: name, bytes: slot.keptBytes });
  if (slot.keptBytes > MUCH_KEPT_BYTES) return find('warning', 'slotBehind', { slot: name, bytes: slot.keptBytes });
  return find('ok', 'slotFine', { slot: name, bytes: slot.keptBytes });
}

/** What lasts longer than this is told of. */
const LONG_MS = { unsealed: 2 * 60_000, unsigned: 15 * 60_000, erasure: 15 * 60_000 };

/** Where the tables are of another release, or hidden, that is said already. */
function trail({ schema, trail: facts }: PostgresServerFacts): Finding[] {
  if (schema.state !== 'same') return [];
  if (facts === null) return [findingsOf('trail')('skipped', 'trailHidden')];
  return [sealing(facts), ...letGo(facts), partitions(facts)];
}

function sealing({ unsealedMs, unsignedMs }: TrailFacts): Finding {
  const find = findingsOf('trail');
  if (unsealedMs > LONG_MS.unsealed) return find('warning', 'trailUnsealed', { minutes: minutesOf(unsealedMs) });
  if (unsignedMs > LONG_MS.unsigned) return find('warning', 'trailUnsigned', { minutes: minutesOf(unsignedMs) });
  return find('ok', 'trailFine');
}

function letGo({ retentionFailure: reason, stays, openErasureMs }: TrailFacts): Finding[] {
  const find = findingsOf('retention');
  const found = [
    ...(reason === null ? [] : [find('warning', 'retentionFailed', { reason })]),
    ...(stays.length === 0 ? [] : [find('warning', 'retentionHeldUp', { reasons: [...new Set(stays)].join(', ') })]),
    ...(openErasureMs > LONG_MS.erasure
      ? [find('warning', 'erasureUnfinished', { minutes: minutesOf(openErasureMs) })]
      : []),
  ];
  return found.length > 0 ? found : [find('ok', 'retentionFine')];
}

/** Rows are in months, so that a month can go: where its partition is missing they are in none. */
function partitions({ holdingDefaults, missingPartitions }: TrailFacts): Finding {
  const find = findingsOf('partitions');
  if (missingPartitions.length > 0)
    return find('warning', 'partitionsMissing', { partitions: missingPartitions.join(', ') });
  if (holdingDefaults.length > 0)
    return find('warning', 'defaultHoldsRows', { partitions: holdingDefaults.join(', ') });
  return find('ok', 'partitionsFine');
}

const minutesOf = (ms: number): number => Math.round(ms / 60_000);

interface Leak {
  readonly setting: LogSetting;
  readonly isSafe: (value: string, all: Readonly<Record<LogSetting, string>>) => boolean;
  readonly state: FindingState;
  /** What it should be. */
  readonly wanted: string;
}

/** Statements and their details hold case ids: whoever types them in psql, and what a constraint says of a row. */
const LEAKS: readonly Leak[] = [
  {
    setting: 'log_min_error_statement',
    isSafe: (value) => ['log', 'fatal', 'panic'].includes(value),
    state: 'warning',
    wanted: 'panic',
  },
  { setting: 'log_error_verbosity', isSafe: (value) => value === 'terse', state: 'warning', wanted: 'terse' },
  {
    setting: 'log_statement',
    isSafe: (value) => value === 'none' || value === 'ddl',
    state: 'failed',
    wanted: 'none',
  },
  {
    setting: 'log_min_duration_statement',
    isSafe: (value) => value === '-1',
    state: 'warning',
    wanted: '-1',
  },
  {
    setting: 'log_parameter_max_length',
    // It concerns only statements that are logged because of these two.
    isSafe: (value, all) =>
      value === '0' || (all.log_min_duration_statement === '-1' && ['none', 'ddl'].includes(all.log_statement)),
    state: 'failed',
    wanted: '0',
  },
  {
    setting: 'log_parameter_max_length_on_error',
    isSafe: (value) => value === '0',
    state: 'failed',
    wanted: '0',
  },
];

function statements(settings: Readonly<Record<LogSetting, string>>): Finding[] {
  const find = findingsOf('statementLog');
  const found = LEAKS.filter(({ setting, isSafe }) => !isSafe(settings[setting], settings)).map(
    ({ setting, state, wanted }) => find(state, 'logsStatements', { setting, value: settings[setting], wanted }),
  );
  return found.length > 0 ? found : [find('ok', 'logsNoStatements')];
}
