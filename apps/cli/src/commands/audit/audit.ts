import type { CliContext } from '../../context.ts';
import type { CliCommand, Finish } from '../../program/command.ts';
import { addGroup } from '../admin/parts.ts';
import { registerAuditErase } from './erase.ts';
import { registerAuditExport } from './export.ts';
import { registerAuditQuery } from './query.ts';
import { registerAuditReport } from './report.ts';
import { registerAuditRetention } from './retention.ts';
import { registerAuditVerify } from './verify.ts';

/** `meldesync audit …` */
export function registerAudit(program: CliCommand, context: CliContext, finish: Finish): void {
  const parts = { context, finish };
  const group = addGroup(program, parts, 'audit', context.t('help.audit'));
  registerAuditQuery(group, parts);
  registerAuditReport(group, parts);
  registerAuditExport(group, parts);
  registerAuditVerify(group, parts);
  registerAuditRetention(group, parts);
  registerAuditErase(group, parts);
}
