import { ANNOTATION_FIELDS } from '@meldesync/domain';

/** The columns of a list of cases that it can be sorted by, as they stand beside each other. */
export const CASE_SORT_COLUMNS = [
  'caseId',
  'status',
  'indikation',
  'typ',
  'genomic',
  'clinical',
  ...ANNOTATION_FIELDS,
  'latest',
] as const;

export type CaseSortColumn = (typeof CASE_SORT_COLUMNS)[number];
