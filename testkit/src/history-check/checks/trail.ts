import type { DumpedChange } from '../dump.ts';
import { type Finding, finding } from '../finding.ts';
import { fieldsThatDiffer, type Truth } from '../truth.ts';

/** Postgres by itself: versions without gap and in order, each change on top of the one before, and the records their sum. */
export function checkTrail(truth: Truth): Finding[] {
  const ofTrails = [...truth.changesOf].flatMap(([record, changes]) => checkRecord(truth, record, changes));
  const untold = truth.dump.records
    .filter(({ id }) => !truth.changesOf.has(id))
    .map((row) => finding('differing', `record ${row.id} is there without any change`, [], [row]));
  return [...ofTrails, ...untold];
}

function checkRecord(truth: Truth, record: number, changes: readonly DumpedChange[]): Finding[] {
  const found: Finding[] = [];
  let last: DumpedChange | undefined;
  for (const change of changes) {
    const expected = (last?.version ?? 0) + 1;
    if (change.version === last?.version)
      found.push(
        finding('duplicated', `version ${change.version} of record ${record} was made twice`, [], [last, change]),
      );
    else if (change.version !== expected)
      found.push(finding('version-gap', `record ${record} has no version ${expected}`, [], [last, change]));
    else found.push(...checkStep(truth, record, last, change));
    if (last && change.id < last.id && change.version > last.version)
      found.push(
        finding('reordered', `record ${record}: the audit trail has ${change.version} first`, [], [last, change]),
      );
    last = change;
  }
  return [...found, ...checkEnd(truth, record, last)];
}

/** What a change says was before it must be what the change before it left. */
function checkStep(truth: Truth, record: number, last: DumpedChange | undefined, change: DumpedChange): Finding[] {
  const held = last && truth.state(record, last.version)?.content;
  const differing = fieldsThatDiffer(change.before, held ?? {});
  if (differing.length === 0) return [];
  const what = `record ${record}, version ${change.version}: ${differing.join(', ')} was something else before`;
  return [finding('differing', what, [], [last, change])];
}

function checkEnd(truth: Truth, record: number, last: DumpedChange | undefined): Finding[] {
  const row = truth.records.get(record);
  if (last?.op === 'delete') {
    return row ? [finding('differing', `record ${record} was deleted and is there`, [], [last, row])] : [];
  }
  if (!row) return [finding('lost', `record ${record} is gone without a change`, [], [last])];
  const content = last && truth.state(record, last.version)?.content;
  const differing = fieldsThatDiffer(row.content, content);
  if (row.version !== last?.version) differing.push('version');
  if (row.by !== last?.actor) differing.push('actor');
  if (differing.length === 0) return [];
  return [
    finding('differing', `record ${record}: ${differing.join(', ')} is not what its changes say`, [], [last, row]),
  ];
}
