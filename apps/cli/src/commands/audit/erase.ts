import { openAdminWorkspace } from '../../admin/admin-service.ts';
import { type CliContext, print, printAside } from '../../context.ts';
import { CliError } from '../../errors.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { ask, canAsk, readFirstLine } from '../../input/prompt.ts';
import { printJson } from '../../output/json.ts';
import { printable } from '../../output/text.ts';
import type { CliCommand } from '../../program/command.ts';
import { addExamples } from '../../program/help.ts';
import { type AdminOptions, addCommand, type GroupParts } from '../admin/parts.ts';

interface EraseOptions extends AdminOptions {
  readonly reason?: string;
  readonly caseStdin?: boolean;
}

/** `meldesync audit erase`: the case id is asked for, since the history of a shell and the list of processes are read by others. */
export function registerAuditErase(parent: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  const command = addCommand<EraseOptions>(
    parent,
    parts,
    { name: 'erase', description: t('help.auditErase'), asks: true },
    async (options) => erase(context, options),
  )
    .option('--reason <text>', t('help.auditEraseReason'))
    .option('--case-stdin', t('help.auditEraseStdin'));
  addExamples(command, context, [
    ['meldesync audit erase --workspace Humangenetik', t('help.exampleAuditErase')],
    ['meldesync audit erase --case-stdin --reason … --yes < case', t('help.exampleAuditEraseStdin')],
  ]);
}

async function erase(context: CliContext, options: EraseOptions): Promise<ExitCode> {
  const { t } = context;
  const { admin, workspace } = await openAdminWorkspace(context, options);
  const caseId = await confirmedCase(context, options, printable(workspace.name));
  const reason = options.reason ?? (await askReason(context));
  const erased = await admin.eraseCase(workspace.id, { caseId, reason });
  if (options.json) {
    printJson(context, erased);
    return EXIT.ok;
  }
  const { id: _id, event: _event, ...counts } = erased;
  const isNothing = Object.values(counts).every((count) => count === 0);
  print(context, isNothing ? t('retention.erasedNothing') : t('retention.erased', counts));
  if (counts.importFiles > 0) print(context, t('retention.erasedFiles', { count: counts.importFiles }));
  printAside(context, t('retention.erasedLater'));
  return EXIT.ok;
}

/** Typed twice, or given by a script that says that it means it. */
async function confirmedCase(context: CliContext, options: EraseOptions, workspace: string): Promise<string> {
  const { terminal, t } = context;
  if (options.caseStdin) {
    if (!options.yes) throw new CliError('confirmationNeeded');
    const given = (await readFirstLine(terminal)).trim();
    if (given === '') throw new CliError('missingOption', { option: '--case-stdin', help: HELP });
    return given;
  }
  if (!canAsk(terminal)) throw new CliError('missingOption', { option: '--case-stdin', help: HELP });
  const caseId = await ask(terminal, t('retention.caseQuestion'));
  if ((await ask(terminal, t('retention.caseAgain', { workspace }))) !== caseId || caseId === '')
    throw new CliError('caseDiffers');
  return caseId;
}

async function askReason({ terminal, t }: CliContext): Promise<string> {
  if (!canAsk(terminal)) throw new CliError('missingOption', { option: '--reason', help: HELP });
  return ask(terminal, t('retention.reasonQuestion'));
}

const HELP = 'meldesync audit erase --help';
