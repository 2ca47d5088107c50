import type { CaseRow } from '@meldesync/client';
import type { CliContext } from '../context.ts';
import type { People } from '../session/people.ts';
import {
  caseLabel,
  describeHalf,
  describeStatus,
  describeValues,
  indikationOf,
  paintStatus,
  recordsOf,
} from './case-text.ts';
import type { Column } from './table.ts';

/** The columns of the list of cases, as on the web page. */
export function caseColumns({ t, style }: CliContext, rows: readonly CaseRow[]): Column[] {
  const paintByStatus = (text: string, index: number) => {
    const row = rows[index];
    return row === undefined ? text : paintStatus(row, text, style);
  };
  const paintCase = (text: string, index: number) => (rows[index]?.caseId === null ? style.dim(text) : text);
  return [
    { header: t('list.case'), minWidth: 10, dropOrder: 0, paint: paintCase },
    { header: t('list.status'), minWidth: 15, dropOrder: 0, paint: paintByStatus },
    { header: t('list.indikation'), minWidth: 4, dropOrder: 3 },
    { header: t('list.typ'), minWidth: 11, dropOrder: 6 },
    { header: t('list.genomic'), minWidth: 14, dropOrder: 1 },
    { header: t('list.clinical'), minWidth: 14, dropOrder: 2 },
    { header: t('list.assignee'), minWidth: 6, dropOrder: 5 },
    { header: t('list.note'), minWidth: 8, dropOrder: 7 },
    { header: t('list.latest'), minWidth: 12, dropOrder: 4, paint: style.dim },
  ];
}

/** The cells of a case, in the order of the columns. */
export function caseCells(row: CaseRow, context: CliContext, people: People): string[] {
  const { t, dates } = context;
  const records = recordsOf(row);
  const join = (values: ReadonlyArray<string | null>) =>
    [...new Set(values.filter((value) => value !== null))].join(' / ');
  return [
    caseLabel(row),
    describeStatus(row, context),
    indikationOf(row),
    describeValues(row, 'typ', context),
    describeHalf(row.genomic, context),
    describeHalf(row.clinical, context),
    join(
      records.map(({ assignee }) =>
        assignee === null ? null : (people.nameOf(assignee) ?? t('common.unknownPerson')),
      ),
    ),
    join(records.map(({ note }) => note)),
    `${dates.short(row.latest.at)} ${people.describe(row.latest.by)}`,
  ];
}
