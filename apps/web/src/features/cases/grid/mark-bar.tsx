import type { CaseRow, ClientRecord } from '@meldesync/client';
import type { ConflictingField } from '@meldesync/domain';
import { useMemo } from 'react';
import { initialsOf } from '../../../people/person-color.ts';
import { usePeople } from '../../../people/use-people.tsx';
import type { ColumnId } from '../columns/column-ids.ts';
import { recordsOfRow } from '../facts/case-facts.ts';
import classes from './case-grid.module.css';
import { useMark } from './use-mark.ts';

interface MarkBarProps {
  readonly row: CaseRow;
  readonly column: ColumnId;
  readonly field: ConflictingField;
}

/** A bar in the person's colour, with their initials, where a colleague's change just landed. */
export function MarkBar({ row, column, field }: MarkBarProps) {
  const records = useMemo(() => markedRecords(row, column), [row, column]);
  const mark = useMark(records, field);
  const people = usePeople();
  if (!mark) return null;
  const person = people.ofActor(mark.by);
  return (
    <span className={classes.mark} style={{ '--person': person.color }} data-mark aria-hidden="true">
      <span className={classes.markName}>{person.isPerson ? initialsOf(person.name) : 'SQL'}</span>
    </span>
  );
}

function markedRecords(row: CaseRow, column: ColumnId): readonly ClientRecord[] {
  if (column === 'genomic') return row.genomic;
  return column === 'clinical' ? row.clinical : recordsOfRow(row);
}
