import type { Finding, Verdict } from '@meldesync/audit';
import type { VerifyOutput } from '../../audit/verify-database.ts';
import { entryKey, findingText, momentText } from '../../audit/verify-text.ts';
import { type CliContext, type GlobalOptions, print } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { printJson } from '../../output/json.ts';
import { renderPairs } from '../../output/pairs.ts';
import { outputWidth } from '../../output/width.ts';
import type { CliCommand } from '../../program/command.ts';
import { addExamples } from '../../program/help.ts';
import { duration } from '../../program/option-values.ts';
import type { GroupParts } from '../admin/parts.ts';

interface VerifyOptions extends GlobalOptions {
  readonly databaseUrl?: string;
  readonly checkpoints?: string;
  readonly key?: string;
  readonly export?: string;
  readonly copyAge?: number;
  readonly json?: boolean;
}

/** As many findings are told in words. */
const TOLD = 20;

/** `meldesync audit verify` */
export function registerAuditVerify(group: CliCommand, { context, finish }: GroupParts): void {
  const { t } = context;
  const command = group.command('verify');
  command
    .description(t('help.auditVerify'))
    .usage(t('help.usageOptions'))
    .option('--database-url <url>', t('help.auditVerifyDatabase'))
    .option('--checkpoints <file>', t('help.auditVerifyCheckpoints'))
    .option('--key <file>', t('help.auditVerifyKey'))
    .option('--export <file>', t('help.auditVerifyExport'))
    .option('--copy-age <duration>', t('help.auditVerifyCopyAge'), duration('--copy-age'))
    .option('--json', t('help.jsonOption'))
    .action(async () => finish(await verify(context, command.optsWithGlobals())));
  addExamples(command, context, [
    [
      'DATABASE_URL=… meldesync audit verify --checkpoints checkpoints.jsonl --key audit-key.pub.pem',
      t('help.exampleAuditVerify'),
    ],
    ['DATABASE_URL=… meldesync audit verify --export export.jsonl', t('help.exampleAuditVerifyExport')],
  ]);
}

/** 1 where anything is not as it was sealed; what is not sealed yet is said, and is none of it. */
async function verify(context: CliContext, options: VerifyOptions): Promise<ExitCode> {
  const { env } = context.terminal;
  const { verifyDatabase } = await import('../../audit/verify-database.ts');
  const output = await verifyDatabase({
    databaseUrl: (options.databaseUrl ?? env['DATABASE_URL']) || undefined,
    checkpoints: options.checkpoints,
    key: options.key,
    export: options.export,
    copyAgeMs: options.copyAge ?? 0,
  });
  const { findings } = output.verdict;
  if (options.json) printJson(context, { ...output, verdict: { ...output.verdict, findings: findings.map(asJson) } });
  else if (output.of === 'trail') tellOfTrail(context, output.verdict);
  else tellOfExport(context, output);
  return findings.length === 0 ? EXIT.ok : EXIT.failure;
}

function asJson({ kind, seal, entry, upTo, micros }: Finding): object {
  return {
    kind,
    seal,
    entry: entry && entryKey(entry),
    upTo: upTo && entryKey(upTo),
    at: micros === null ? null : momentText(micros),
  };
}

function tellOfTrail(context: CliContext, verdict: Verdict): void {
  const { t } = context;
  const { inside, outside, areSigned } = verdict.checkpoints;
  const pairs: Array<[string, string]> = [
    [
      t('auditVerify.sealed'),
      t('auditVerify.sealedEntries', {
        entries: verdict.entries,
        seals: verdict.seals,
        at: momentText(verdict.lastSealed),
      }),
    ],
    [
      t('auditVerify.unsealed'),
      verdict.unsealed === 0
        ? t('auditVerify.unsealedNone')
        : t('auditVerify.unsealedEntries', { entries: verdict.unsealed, at: momentText(verdict.unsealedSince) }),
    ],
    [t('auditVerify.gone'), t('auditVerify.goneEntries', { erased: verdict.erased, cut: verdict.cut })],
    [t('auditVerify.checkpoints'), t('auditVerify.checkpointCount', { inside, outside })],
  ];
  for (const line of renderPairs(pairs, context.style, outputWidth(context.terminal))) print(context, line);
  if (!areSigned) print(context, t('auditVerify.unsigned'));
  if (outside === 0) print(context, t('auditVerify.noFile'));
  tellFindings(context, verdict.findings, verdict.found);
}

function tellOfExport(context: CliContext, output: Extract<VerifyOutput, { of: 'export' }>): void {
  const { t } = context;
  const { kind, entries, proved, unproved, findings } = output.verdict;
  print(context, t('auditVerify.export', { entries, proved, unproved }));
  print(context, t(kind === 'export' ? 'auditVerify.exportLimits' : 'auditVerify.archiveLimits'));
  if (output.isAlone) print(context, t('auditVerify.archiveAlone'));
  tellFindings(
    context,
    findings,
    findings.length,
    unproved === 0 ? 'auditVerify.exportWhole' : 'auditVerify.exportPartly',
  );
}

/** What is said where nothing was found. */
type Whole = `auditVerify.${'whole' | 'exportWhole' | 'exportPartly'}`;

function tellFindings(
  context: CliContext,
  findings: readonly Finding[],
  found: number,
  whole: Whole = 'auditVerify.whole',
): void {
  const { t, style } = context;
  if (found === 0) {
    print(context, whole === 'auditVerify.exportPartly' ? t(whole) : style.green(t(whole)));
    return;
  }
  print(context, style.red(t('auditVerify.broken', { count: found })));
  for (const finding of findings.slice(0, TOLD)) print(context, `✗ ${findingText(context, finding)}`);
  if (found > TOLD) print(context, t('auditVerify.more', { count: found - TOLD }));
}
