import type { AuditReport } from '@meldesync/protocol';
import { openAudit } from '../../audit/audit-service.ts';
import { describeEntry } from '../../audit/entry-text.ts';
import { type CliContext, print } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { printJson } from '../../output/json.ts';
import { renderPairs } from '../../output/pairs.ts';
import { printable } from '../../output/text.ts';
import { outputWidth } from '../../output/width.ts';
import type { CliCommand } from '../../program/command.ts';
import { addExamples } from '../../program/help.ts';
import { type AdminOptions, addCommand, type GroupParts } from '../admin/parts.ts';

/** `meldesync audit report CASE` */
export function registerAuditReport(group: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  const command = addCommand<AdminOptions>(
    group,
    parts,
    { name: 'report', description: t('help.auditReport'), args: [['<case>', t('help.auditReportCase')]] },
    async (options, [caseId = '']) => report(context, options, caseId),
  );
  addExamples(command, context, [
    ['meldesync audit report F-10234', t('help.exampleAuditReport')],
    ['meldesync audit report F-10234 --json > F-10234.json', t('help.exampleAuditReportJson')],
  ]);
}

async function report(context: CliContext, options: AdminOptions, caseId: string): Promise<ExitCode> {
  context.terminal.endWithReader();
  const service = await openAudit(context, options);
  const found = await service.report(caseId);
  if (options.json) printJson(context, found);
  else tell(context, found);
  return EXIT.ok;
}

/** How much of what is held, then its history; all of it is in the JSON. */
function tell(context: CliContext, found: AuditReport): void {
  const { t, style, terminal, dates } = context;
  const counted = (list: readonly unknown[]) => String(list.length);
  const pairs: [string, string][] = [
    [t('audit.case'), found.case],
    [t('audit.asOf'), dates.full(found.at)],
    [t('audit.records'), `${found.recordIds.join(', ')} (${t('audit.present', { count: found.records.length })})`],
    [t('audit.history'), counted(found.history)],
    [t('audit.conflicts'), counted(found.conflicts)],
    [t('audit.imports'), found.imports.map(({ filename }) => filename).join('\n')],
    [t('audit.importRows'), counted(found.importRows)],
    [t('audit.operations'), counted(found.operations)],
    [t('audit.locks'), counted(found.locks)],
    [
      t('audit.readers'),
      [...new Set(found.readers.map(({ actor, actorName }) => actorName ?? actor))].join(', ') || t('common.none'),
    ],
  ];
  for (const line of renderPairs(pairs, style, outputWidth(terminal))) print(context, line);
  print(context);
  for (const entry of found.history) {
    const { when, who, what, change } = describeEntry(context, entry);
    print(
      context,
      [when, who, what, change]
        .filter((part) => part !== '')
        .map(printable)
        .join('  '),
    );
  }
  if (found.isCut) print(context, t('audit.isCut'));
}
