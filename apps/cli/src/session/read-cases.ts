import {
  type CaseIndexResult,
  type CaseQuery,
  type CaseRow,
  type ClientRecord,
  createCaseIndex,
  type IndexedCase,
  makeCaseEntry,
} from '@meldesync/client';
import { unreadableIn } from '@meldesync/protocol';
import { type CliContext, printAside } from '../context.ts';
import { createStatusLine } from '../output/status-line.ts';
import { lookUpRecords } from '../target/look-up.ts';
import type { WorkspaceService } from './service.ts';

/** Records that are read at once: reads so small cost a person least of what a node lets them use. */
const PAGE = 500;

/** Which cases a query shows, in their order. All records pass through, and none is kept. */
export async function readCaseIndex(
  context: CliContext,
  { api, workspace }: WorkspaceService,
  query: CaseQuery,
): Promise<CaseIndexResult> {
  const { t, terminal } = context;
  const statusLine = createStatusLine(terminal.stderr);
  const index = createCaseIndex(query);
  let [loaded, unreadable] = [0, 0];
  let after: number | undefined;
  try {
    statusLine.show(t('list.loading'));
    do {
      // Not the pages of a snapshot, which others may have taken two seconds ago: who has just changed something lists it.
      const { records, next } = await api.recordPage(workspace.id, { after, limit: PAGE });
      index.add(records);
      loaded += records.length;
      unreadable += unreadableIn(records).length;
      statusLine.show(t('list.loadedSoFar', { loaded }));
      after = next ?? undefined;
    } while (after !== undefined);
  } finally {
    statusLine.clear();
  }
  if (unreadable > 0) printAside(context, t('list.unreadable', { count: unreadable }));
  return index.finish();
}

/** The cases with their records, in the same order, some at a time. A case that is gone since is left out. */
export async function* readCases(
  service: WorkspaceService,
  cases: readonly IndexedCase[],
): AsyncGenerator<CaseRow, void, undefined> {
  for (const part of partsOf(cases)) {
    const found = await lookUpRecords(
      service,
      part.flatMap(({ records }) => records),
    );
    for (const { caseId, records } of part) {
      const present = records.map((id) => found.get(id)).filter((record) => isStillIn(record, caseId));
      if (present.length > 0) yield makeCaseEntry(caseId, present);
    }
  }
}

function isStillIn(record: ClientRecord | undefined, caseId: string | null): record is ClientRecord {
  return record !== undefined && record.caseId === caseId;
}

/** As many cases together as one question names records of. */
function* partsOf(cases: readonly IndexedCase[]): Generator<readonly IndexedCase[], void, undefined> {
  let part: IndexedCase[] = [];
  let size = 0;
  for (const each of cases) {
    if (size > 0 && size + each.records.length > PAGE) {
      yield part;
      [part, size] = [[], 0];
    }
    part.push(each);
    size += each.records.length;
  }
  if (part.length > 0) yield part;
}
