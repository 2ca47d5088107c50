import type { CaseRow } from '@meldesync/client';
import { ANNOTATION_FIELDS, type AnnotationField, RECORD_FIELDS } from '@meldesync/domain';
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
import { describeEditable } from './editable.ts';
import type { ColumnLayout } from './layout.ts';
import type { Column } from './table.ts';

/** How much room the columns of what people note take, and when they give way, by the kind of value. */
const LAYOUTS: Readonly<
  Record<(typeof RECORD_FIELDS)[AnnotationField]['kind'], Pick<ColumnLayout, 'minWidth' | 'dropOrder'>>
> = {
  person: { minWidth: 6, dropOrder: 5 },
  text: { minWidth: 8, dropOrder: 7 },
};

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
    ...ANNOTATION_FIELDS.map((field) => ({ header: t(`fields.${field}`), ...LAYOUTS[RECORD_FIELDS[field].kind] })),
    { header: t('list.latest'), minWidth: 12, dropOrder: 4, paint: style.dim },
  ];
}

/** The cells of a case, in the order of the columns. */
export function caseCells(row: CaseRow, context: CliContext, people: People): string[] {
  const { dates } = context;
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
    ...ANNOTATION_FIELDS.map((field) =>
      join(
        records.map((record) =>
          record[field] === null ? null : describeEditable(field, record[field], context, people),
        ),
      ),
    ),
    `${dates.short(row.latest.at)} ${people.describe(row.latest.by)}`,
  ];
}
