import type { CliContext } from '../../context.ts';
import type { CliCommand, Finish } from '../../program/command.ts';
import { addGroup } from '../admin/parts.ts';
import { registerAuditErase } from './erase.ts';
import { registerAuditRetention } from './retention.ts';
import { registerAuditVerify } from './verify.ts';

/** `meldesync audit …` */
export function registerAudit(program: CliCommand, context: CliContext, finish: Finish): void {
  const parts = { context, finish };
  const group = addGroup(program, parts, 'audit', context.t('help.audit'));
  registerAuditVerify(group, parts);
  registerAuditRetention(group, parts);
  registerAuditErase(group, parts);
}
