import {
  connectionsByTier,
  formatBytes,
  formatDelay,
  formatNumber,
  formatRate,
  formatReason,
  formatShare,
  type ProcessHealth,
  processHealth,
} from '@meldesync/client';
import { describeLack, type Operations, type OperationsLevel } from '@meldesync/protocol';
import type { CliContext } from '../context.ts';
import { renderPairs } from '../output/pairs.ts';
import { type Column, renderTable } from '../output/table.ts';
import type { NameOf } from './holders.ts';
import { sparkline } from './sparkline.ts';

const SIGN_OF_LEVEL: Readonly<Record<OperationsLevel['name'], string>> = {
  normal: '●',
  reduced: '◐',
  minimal: '○',
  manual: '‖',
};
const SIGN_OF_HEALTH: Readonly<Record<ProcessHealth['tone'], string>> = { ok: '✓', none: '–', warn: '!', bad: '✗' };
const KINDS = ['node', 'relay', 'worker'] as const;
/** A line of bars says no more when it is longer. */
const WIDEST_BARS = 60;
/** The room that labels before the bars take. */
const BEFORE_BARS = 20;

/** How the whole service is, as lines of at most `width` characters. */
export function describeOperations(
  context: CliContext,
  operations: Operations,
  nameOf: NameOf,
  width: number,
): string[] {
  return [
    ...renderPairs(figures(context, operations, width), context.style, width),
    '',
    ...processTable(context, operations, width),
    ...(operations.locks.length === 0 ? [] : ['', ...lockTable(context, operations, nameOf, width)]),
  ];
}

function figures(context: CliContext, operations: Operations, width: number): [string, string][] {
  const { t, language } = context;
  const { feed, queue, history, processes } = operations;
  const last = history.at(-1);
  const optional = (value: number | null | undefined, format: (value: number) => string): string =>
    value === null || value === undefined ? t('common.none') : format(value);
  const delay = (ms: number | null | undefined): string => optional(ms, (value) => formatDelay(value, language));
  const bytes = (size: number | null): string => optional(size, (value) => formatBytes(value, language));
  const rate = (value: number | undefined): string => optional(value, (found) => formatRate(found, language));
  const tiers = connectionsByTier(processes);
  const bars = sparkline(
    history.map(({ p99 }) => p99),
    Math.min(WIDEST_BARS, width - BEFORE_BARS),
  );
  return [
    [t('top.level'), levelText(context, operations.level)],
    [
      t('top.latency'),
      [
        `p50 ${delay(last?.p50)} · p95 ${delay(last?.p95)} · p99 ${delay(last?.p99)} · ${t('top.answer', { value: delay(last?.answerP95) })}`,
        ...(bars.trim() === '' ? [] : [bars, t('top.bars')]),
      ].join('\n'),
    ],
    [
      t('top.throughput'),
      t('top.rates', {
        edits: rate(last?.editsPerSecond),
        deliveries: rate(last?.deliveriesPerSecond),
        errors: rate(last?.errorsPerSecond),
      }),
    ],
    [
      t('top.connections'),
      [
        formatNumber(
          tiers.reduce((sum, { count }) => sum + count, 0),
          language,
          0,
        ),
        ...tiers.map(({ tier, count }) =>
          tier === 0 ? t('top.tierNow', { count }) : t('top.tierSlow', { count, seconds: tier / 1_000 }),
        ),
      ].join(' · '),
    ],
    [
      t('top.feed'),
      t('top.feedText', {
        lag: bytes(feed.lagBytes),
        delay: delay(feed.delaySeconds === null ? null : feed.delaySeconds * 1_000),
        buffer: bytes(feed.bufferBytes),
        canary: delay(feed.canaryAgeMs),
      }),
    ],
    [t('top.queue'), t('top.queueText', { ...queue })],
  ];
}

function levelText({ t, dates, language }: CliContext, level: OperationsLevel): string {
  const { name, since, chosenBy, reasons } = level;
  return [
    `${SIGN_OF_LEVEL[name]} ${t(`top.levels.${name}`)} · ${t('top.since', { time: dates.short(since) })} · ${t(`top.${chosenBy}`)}`,
    ...reasons.map((reason) =>
      t('top.reason', {
        cause: t(`top.causes.${reason.cause}`),
        value: formatReason(reason, reason.value, language),
        limit: formatReason(reason, reason.limit, language),
      }),
    ),
  ].join('\n');
}

function processTable(context: CliContext, { at, processes }: Operations, width: number): string[] {
  const { t, dates, style, language } = context;
  if (processes.length === 0) return [t('top.noProcess')];
  const sorted = processes.toSorted(
    (one, other) =>
      KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) ||
      one.name.localeCompare(other.name, 'de', { numeric: true }),
  );
  const states = sorted.map((process) => processHealth(process, at));
  const paint = { ok: style.green, none: style.dim, warn: style.yellow, bad: style.red };
  const columns: Column[] = [
    { header: t('top.process'), minWidth: 8, dropOrder: 0 },
    {
      header: t('top.state'),
      minWidth: 14,
      dropOrder: 0,
      paint: (text, row) => paint[states[row]?.tone ?? 'none'](text),
    },
    { header: t('top.version'), minWidth: 5, dropOrder: 5 },
    { header: t('top.up'), minWidth: 5, dropOrder: 4 },
    { header: t('top.memory'), minWidth: 6, dropOrder: 2, align: 'right' },
    { header: t('top.cpu'), minWidth: 4, dropOrder: 1, align: 'right' },
    { header: t('top.eventLoop'), minWidth: 6, dropOrder: 3, align: 'right' },
    { header: t('top.pool'), minWidth: 4, dropOrder: 6, align: 'right' },
  ];
  const rows = sorted.map((process, row) => {
    const { name, role, version, startedAt, memoryBytes, cpu, eventLoopDelayMs, pool, missing } = process;
    const { state, tone, silentMs } = states[row] ?? processHealth(process, at);
    const why =
      state === 'silent'
        ? [t('top.silentFor', { seconds: Math.floor(silentMs / 1_000) })]
        : missing.map((said) => describeLack(said, language));
    const words = [t(`top.states.${state}`), ...(role === 'active' ? [t('top.active')] : []), ...why];
    return [
      name,
      `${SIGN_OF_HEALTH[tone]} ${words.join(', ')}`,
      version,
      dates.short(startedAt),
      formatBytes(memoryBytes, language),
      formatShare(cpu, language),
      formatDelay(eventLoopDelayMs, language),
      pool === undefined
        ? t('common.none')
        : `${pool.used}/${pool.used + pool.idle}${pool.waiting > 0 ? ` +${pool.waiting}` : ''}`,
    ];
  });
  return renderTable(columns, rows, style, width);
}

function lockTable(context: CliContext, { locks }: Operations, nameOf: NameOf, width: number): string[] {
  const { t, dates, style } = context;
  const columns: Column[] = [
    { header: t('top.lockedBy'), minWidth: 8, dropOrder: 0 },
    { header: t('locks.since'), minWidth: 5, dropOrder: 0 },
    { header: t('top.records'), minWidth: 6, dropOrder: 1 },
    { header: t('locks.id'), minWidth: 36, dropOrder: 2 },
  ];
  const rows = locks
    .toSorted((one, other) => one.since.localeCompare(other.since))
    .map(({ lock, user, since, records }) => [
      nameOf(user) ?? t('lock.someone'),
      dates.short(since),
      records.join(', '),
      lock,
    ]);
  return renderTable(columns, rows, style, width);
}
