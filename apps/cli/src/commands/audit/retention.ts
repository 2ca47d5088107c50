import { RETAINED, type RetentionLine, type RetentionRun } from '@meldesync/protocol';
import { type AdminService, openAdmin } from '../../admin/admin-service.ts';
import { confirm } from '../../admin/confirm.ts';
import { column, type List, printList, printTable, type RowColumn } from '../../admin/print-table.ts';
import { type CliContext, printAside } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { pause } from '../../input/pause.ts';
import { printJson } from '../../output/json.ts';
import { printable } from '../../output/text.ts';
import type { CliCommand } from '../../program/command.ts';
import { type AdminOptions, addCommand, type GroupParts } from '../admin/parts.ts';

interface RetentionOptions extends AdminOptions {
  readonly dryRun?: boolean;
  readonly list?: boolean;
}

const ASK_MS = 1_000;
/** A worker that runs takes it up sooner, unless another run is under way. */
const TAKEN_UP_WITHIN_MS = 30_000;

/** `meldesync audit retention` */
export function registerAuditRetention(parent: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  addCommand<RetentionOptions>(
    parent,
    parts,
    { name: 'retention', description: t('help.auditRetention'), asks: true },
    async (options) => retention(context, options),
  )
    .option('--dry-run', t('help.auditRetentionDry'))
    .option('--list', t('help.auditRetentionList'));
}

async function retention(context: CliContext, options: RetentionOptions): Promise<ExitCode> {
  const { t } = context;
  const { admin } = await openAdmin(context, options);
  if (options.list) return printList(context, options, await listOf(context, admin));
  const isDryRun = options.dryRun === true;
  if (!isDryRun) await confirm(context, t('retention.confirm'), options);
  const asked = await admin.askForRetention(isDryRun);
  printAside(context, t('retention.waits'));
  const run = await untilFinished(context, admin, asked.id);
  if (run === undefined) {
    printAside(context, t('retention.nobody'));
    return EXIT.failure;
  }
  if (options.json) printJson(context, run);
  else printRun(context, run);
  return run.failure === null ? EXIT.ok : EXIT.failure;
}

/** Undefined where no worker takes it up. */
async function untilFinished(
  { terminal }: CliContext,
  admin: AdminService['admin'],
  id: number,
): Promise<RetentionRun | undefined> {
  const startedMs = performance.now();
  for (;;) {
    const runs = await admin.retentionRuns();
    const run = runs.find((one) => one.id === id);
    if (run && run.finishedAt !== null) return run;
    const isAnyUnderWay = runs.some(({ startedAt, finishedAt }) => startedAt !== null && finishedAt === null);
    if (!isAnyUnderWay && performance.now() - startedMs > TAKEN_UP_WITHIN_MS) return undefined;
    await pause(ASK_MS, terminal.signal);
  }
}

function printRun(context: CliContext, { isDryRun, report, failure }: RetentionRun): void {
  const { t } = context;
  const columns: readonly RowColumn<RetentionLine>[] = [
    column(t('retention.kind'), ({ of }) => kindOf(context, of), 12),
    column(t('retention.keeps'), ({ keeps }) => (keeps ? t(`retention.${keeps.unit}`, keeps) : t('retention.forGood'))),
    column(t(isDryRun ? 'retention.wouldGo' : 'retention.gone'), ({ count }) => String(count), 5, 0, 'right'),
    column(t('retention.stays'), ({ stays }) => (stays === null ? '' : reasonOf(context, stays)), 12, 1),
  ];
  printTable(context, columns, report?.lines ?? []);
  if (failure !== null) printAside(context, t('retention.failed', { reason: printable(failure) }));
}

async function listOf(context: CliContext, admin: AdminService['admin']): Promise<List<RetentionRun>> {
  const { t, dates } = context;
  const [runs, accounts] = await Promise.all([admin.retentionRuns(), admin.accounts()]);
  const names = new Map(accounts.map(({ id, name }) => [`user:${id}`, name]));
  return {
    json: { runs },
    rows: runs,
    columns: [
      column(t('retention.run'), ({ id }) => String(id), 3, 0, 'right'),
      column(t('retention.asked'), ({ askedAt }) => dates.short(askedAt)),
      column(t('retention.by'), ({ askedBy }) => printable(names.get(askedBy) ?? askedBy), 6, 1),
      column(t('retention.outcome'), (run) => outcomeOf(context, run), 12),
    ],
  };
}

function outcomeOf({ t }: CliContext, { startedAt, finishedAt, failure, report, isDryRun }: RetentionRun): string {
  if (startedAt === null) return t('retention.isOpen');
  if (finishedAt === null) return t('retention.isRunning');
  if (failure !== null) return t('retention.failed', { reason: printable(failure) });
  const count = (report?.lines ?? []).reduce((sum, line) => sum + line.count, 0);
  return t(isDryRun ? 'retention.totalDry' : 'retention.total', { count });
}

/** What only a newer server knows is shown as it is. */
function kindOf({ t }: CliContext, of: string): string {
  const known = RETAINED.find((kind) => kind === of);
  return known ? t(`retention.kinds.${known}`) : printable(of);
}

const REASONS = ['not-archived', 'not-sealed', 'busy'] as const;

function reasonOf({ t }: CliContext, stays: string): string {
  const known = REASONS.find((reason) => reason === stays);
  return known ? t(`retention.reasons.${known}`) : printable(stays);
}
