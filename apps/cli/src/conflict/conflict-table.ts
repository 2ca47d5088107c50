import type { ConflictRow, FieldValue } from '@meldesync/client';
import { isEditable } from '@meldesync/domain';
import type { ConflictField } from '@meldesync/protocol';
import type { CliContext } from '../context.ts';
import { describeEditable } from '../output/editable.ts';
import { renderTable } from '../output/table.ts';
import { printable } from '../output/text.ts';
import { asideWidth } from '../output/width.ts';
import type { People } from '../session/people.ts';

const INDENT = '    ';

/** Base, theirs and mine side by side, with who changed a field and when (R2.2). Lines for standard error. */
export function conflictTable(rows: readonly ConflictRow[], context: CliContext, people: People): string[] {
  const { t, dates, terminal, errorStyle } = context;
  const columns = [
    { header: t('conflict.field'), minWidth: 8, dropOrder: 0 },
    { header: t('conflict.base'), minWidth: 8, dropOrder: 2 },
    { header: t('conflict.theirs'), minWidth: 8, dropOrder: 0 },
    { header: t('conflict.mine'), minWidth: 8, dropOrder: 0 },
    { header: t('conflict.changedBy'), minWidth: 12, dropOrder: 1 },
  ];
  const cells = rows.map(({ field, base, current, attempted, isAttempted, by, at }) => {
    const say = (value: FieldValue) => describeConflictValue(field, value, context, people);
    return [
      t(`fields.${field}`),
      say(base),
      say(current),
      isAttempted ? say(attempted) : t('conflict.untouched'),
      by === null || at === null ? t('common.none') : `${printable(people.describe(by))}, ${dates.short(at)}`,
    ];
  });
  return renderTable(columns, cells, errorStyle, asideWidth(terminal) - INDENT.length).map((line) => INDENT + line);
}

/** The value of a field in words. A segment is too long to read: of it, only its code is shown. */
export function describeConflictValue(
  field: ConflictField['field'],
  value: FieldValue,
  context: CliContext,
  people: People,
): string {
  if (isEditable(field)) return describeEditable(field, value, context, people);
  return typeof value === 'string' ? (value.split('+')[1] ?? value) : context.t('common.none');
}
