import {
  type ClientRecord,
  conflictRows,
  type SettledEdit,
  SyncError,
  settleConflict,
  toClientRecord,
} from '@meldesync/client';
import type { ConflictResolution, Me, Member, StoredConflict } from '@meldesync/protocol';
import { Option } from 'commander';
import { chooseFields } from '../conflict/choose.ts';
import { collectField, readFields, type WrittenField } from '../conflict/field-values.ts';
import { chooseMine, chooseValues, type WrittenCase } from '../conflict/written-choices.ts';
import { type CliContext, type GlobalOptions, print, printAside } from '../context.ts';
import { exitOfEdit, outcomeToJson, printOutcome } from '../edit/outcome.ts';
import { WRITTEN_FORMS } from '../edit/patch.ts';
import { sendEdit } from '../edit/send-edit.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { canAsk } from '../input/prompt.ts';
import { isUuid } from '../input/uuid.ts';
import { describeRecord } from '../output/case-text.ts';
import { printJson } from '../output/json.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';

import { createPeople, type People } from '../session/people.ts';
import { openWorkspace } from '../session/service.ts';
import { keepForUndo } from '../undo/last-edits.ts';

interface ResolveOptions extends GlobalOptions {
  readonly theirs?: boolean;
  readonly mine?: boolean;
  readonly set?: readonly WrittenField[];
  readonly drop?: boolean;
  readonly json?: boolean;
}

/** `meldesync resolve CONFLICT` */
export function registerResolve(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('resolve');
  command
    .description(t('help.resolve'))
    .usage(`CONFLICT ${t('help.usageOptions')}`)
    .argument('<conflict>', t('help.resolveConflict'))
    .addOption(new Option('--theirs', t('help.resolveTheirs')).conflicts(['mine', 'set', 'drop']))
    .addOption(new Option('--mine', t('help.resolveMine')).conflicts(['set', 'drop']))
    .addOption(
      new Option('--set <field=value>', t('help.resolveSet', { fields: WRITTEN_FORMS }))
        .argParser(collectField)
        .conflicts('drop'),
    )
    .option('--drop', t('help.resolveDrop'))
    .option('--json', t('help.jsonOption'))
    .action(async (id: string) => finish(await resolve(context, id, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync resolve 0b1f6a52-5d0e-4c0b-8f5e-3c1a7a9d2e41', t('help.exampleResolve')],
    ['meldesync resolve 0b1f6a52-5d0e-4c0b-8f5e-3c1a7a9d2e41 --mine', t('help.exampleResolveMine')],
    [
      'meldesync resolve 0b1f6a52-5d0e-4c0b-8f5e-3c1a7a9d2e41 --set note="…" --set done=yes',
      t('help.exampleResolveSet'),
    ],
  ]);
}

async function resolve(context: CliContext, id: string, options: ResolveOptions): Promise<ExitCode> {
  const { theirs, mine, set, drop, json } = options;
  if (!isUuid(id)) throw new CliError('invalidConflictId', { value: id });
  const isInteractive = !(theirs || mine || drop || set !== undefined);
  if (isInteractive && (json || !canAsk(context.terminal))) throw new CliError('resolutionMissing');

  const service = await openWorkspace(context, options);
  const { api, workspace, me } = service;
  if (theirs || drop) {
    const closed = await api.resolveConflict(workspace.id, id, { resolution: theirs ? 'kept-theirs' : 'dropped' });
    return printClosed(context, closed, options);
  }
  const [stored, members] = await Promise.all([api.conflict(workspace.id, id), api.members(workspace.id)]);
  if (stored.resolved !== null) throw new SyncError('conflict-settled');
  const record = toClientRecord(await api.record(workspace.id, stored.record));
  const decision = settleConflict({ conflict: id, ...(await decide(context, stored, record, options, members, me)) });
  if (decision.settledBy === 'resolution') {
    const { resolution } = decision;
    return printClosed(context, await api.resolveConflict(workspace.id, id, { resolution }), options);
  }
  const [edit] = await sendEdit(context, service, [decision.intent]);
  if (edit === undefined) throw new SyncError('internal');
  await keepForUndo(context, service, [edit]);
  return printEdited(context, stored, edit, createPeople(members, context.t), options);
}

/** What the options say, or else the person. */
async function decide(
  context: CliContext,
  stored: StoredConflict,
  record: ClientRecord,
  { mine, set }: ResolveOptions,
  members: readonly Member[],
  { user: { id: me } }: Me,
): Promise<WrittenCase> {
  if (mine) return chooseMine(stored, record);
  if (set !== undefined) return chooseValues(stored, record, readFields(set, members, me, context.language));
  printAside(context, context.errorStyle.bold(describeRecord(record, context)));
  const rows = conflictRows(stored.fields, record);
  const people = createPeople(members, context.t);
  return { rows, choices: await chooseFields(context, { rows, members, people, me }), seen: record };
}

function printClosed(context: CliContext, closed: StoredConflict, options: ResolveOptions): ExitCode {
  const { t, style } = context;
  const resolution = closed.resolved?.resolution ?? 'dropped';
  if (options.json) printSettled(context, closed, { resolution, version: null });
  else print(context, `${style.green('✓')} ${t(`resolve.${resolution}`)}`);
  return EXIT.ok;
}

function printEdited(
  context: CliContext,
  stored: StoredConflict,
  edit: SettledEdit,
  people: People,
  options: ResolveOptions,
): ExitCode {
  const { t, style } = context;
  const { outcome, resolves } = edit;
  const isAccepted = outcome.outcome === 'accepted';
  const resolution = resolves?.as ?? 'merged';
  if (options.json) {
    if (isAccepted) printSettled(context, stored, { resolution, version: outcome.version });
    else printJson(context, outcomeToJson(edit, context, people));
  } else {
    printOutcome(edit, context, people, options);
    if (isAccepted) print(context, `${style.green('✓')} ${t(`resolve.${resolution}`)}`);
  }
  return exitOfEdit([outcome]);
}

function printSettled(
  context: CliContext,
  { conflict, record }: StoredConflict,
  result: { readonly resolution: ConflictResolution; readonly version: number | null },
): void {
  printJson(context, { outcome: 'settled', conflict, record, ...result });
}
