import { AUDIT_GROUPS, type AuditFilter, type AuditGroup, type Member } from '@meldesync/protocol';
import { Option } from 'commander';
import type { CliContext } from '../context.ts';
import { CliError } from '../errors.ts';
import type { CliCommand } from '../program/command.ts';
import { oneOf, positiveInteger } from '../program/option-values.ts';
import type { AuditService } from './audit-service.ts';
import { moment } from './moment.ts';

/** The options that say which entries are wanted. */
export interface FilterOptions {
  readonly from?: string;
  readonly to?: string;
  readonly person?: readonly string[];
  readonly group?: readonly AuditGroup[];
  readonly kind?: readonly string[];
  readonly record?: number;
  readonly case?: string;
  readonly text?: string;
  readonly installation?: boolean;
}

const KIND = /^[a-z]+(-[a-z]+)*$/;

/** Adds them to a command. */
export function addFilterOptions(command: CliCommand, { t }: CliContext): void {
  const each =
    <T>(parse: (value: string) => T) =>
    (value: string, before: readonly T[] = []) => [...before, parse(value)];
  const group = oneOf('--group', AUDIT_GROUPS);
  command
    .option('--from <moment>', t('help.auditFrom'), moment('--from', 'begin'))
    .option('--to <moment>', t('help.auditTo'), moment('--to', 'end'))
    .addOption(new Option('--person <who>', t('help.auditPerson')).argParser(each(String)))
    .addOption(
      new Option('--group <group>', t('help.auditGroup', { groups: AUDIT_GROUPS.join(', ') })).argParser(each(group)),
    )
    .addOption(new Option('--kind <kind>', t('help.auditKind')).argParser(each(kindOf)))
    .addOption(new Option('--record <id>', t('help.auditRecord')).argParser(positiveInteger('--record')))
    .option('--case <id>', t('help.auditCase'))
    .option('--text <text>', t('help.auditText'))
    .option('--installation', t('help.auditInstallation'));
}

function kindOf(value: string): string {
  if (!KIND.test(value)) throw new CliError('invalidOptionValue', { option: '--kind', value, allowed: 'sign-in, …' });
  return value;
}

/** The filter that options ask for; people are looked up among the members. Throws `subjectUnknown` or `subjectAmbiguous`. */
export async function filterOf(service: AuditService, options: FilterOptions): Promise<AuditFilter> {
  const { from, to, person, group, kind, record, case: caseId, text } = options;
  const actors = person && (await actorsOf(service, person));
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(actors && { actors }),
    ...(group && { groups: [...group] }),
    ...(kind && { kinds: [...kind] }),
    ...(record !== undefined && { record }),
    ...(caseId !== undefined && { case: caseId }),
    ...(text !== undefined && { text }),
  };
}

/** Who is named as entries name them: `system`, `setup`, `user:<id>`, `db:<role>` as they are, members by id or name. */
async function actorsOf({ api, workspace, me }: AuditService, named: readonly string[]): Promise<string[]> {
  const isActor = (who: string) => /^(?:system|setup|(?:user|db):.+)$/.test(who);
  const needsMembers = workspace !== undefined && named.some((who) => who !== 'me' && !isActor(who));
  const members = needsMembers ? await api.members(workspace) : [];
  return named.map((who) => {
    if (isActor(who)) return who;
    return `user:${who === 'me' ? me.user.id : memberNamed(members, who)}`;
  });
}

function memberNamed(members: readonly Member[], wanted: string): string {
  const text = wanted.trim().toLocaleLowerCase('de');
  const found = members.filter(({ id, name }) => id === wanted || name.toLocaleLowerCase('de') === text);
  const [member, ...others] = found;
  if (member === undefined) throw new CliError('subjectUnknown', { name: wanted });
  if (others.length > 0)
    throw new CliError('subjectAmbiguous', {
      name: wanted,
      candidates: found.map(({ id }) => `user:${id}`).join(', '),
    });
  return member.id;
}
