import { type Finding, finding } from '../finding.ts';
import { groupBy } from '../group-by.ts';
import { type EventOf, type HistoryEvent, ofKind } from '../history-event.ts';
import type { Truth } from '../truth.ts';

/** Every row of an import that finished is there once, and its counts are true. */
export function checkImports(truth: Truth, events: readonly HistoryEvent[]): Finding[] {
  const endOf = new Map(ofKind(events, 'import-ended').map((event) => [event.import, event]));
  const changesOf = groupBy(truth.dump.changes, ({ importId }) => importId);
  const held = new Set(truth.dump.records.map(({ content }) => content['vorgangsnummer']));
  return ofKind(events, 'import-sent').flatMap((sent) => {
    const ended = endOf.get(sent.import);
    if (ended?.status !== 'finished') {
      const isOver = events.some(({ who, kind }) => who === sent.who && kind === 'ended');
      return isOver ? [finding('lost', `import ${sent.import} did not finish`, ended ? [sent, ended] : [sent])] : [];
    }
    const missing = sent.vorgangsnummern.filter((vorgangsnummer) => !held.has(vorgangsnummer));
    const changes = changesOf.get(sent.import) ?? [];
    const twice = [...groupBy(changes, ({ record }) => record).values()].filter((made) => made.length > 1);
    return [
      ...(missing.length > 0
        ? [finding('lost', `import ${sent.import}: ${missing.length} rows are not there`, [sent, ended])]
        : []),
      ...twice.map((made) => finding('duplicated', `import ${sent.import} has a row twice`, [sent, ended], made)),
      ...wrongCounts(sent, ended, {
        rowsNew: changes.filter(({ op }) => op === 'insert').length,
        rowsUpdated: changes.filter(({ op }) => op === 'update').length,
      }),
    ];
  });
}

function wrongCounts(
  sent: EventOf<'import-sent'>,
  ended: EventOf<'import-ended'>,
  counted: { readonly rowsNew: number; readonly rowsUpdated: number },
): Finding[] {
  if (ended.rowsNew === counted.rowsNew && ended.rowsUpdated === counted.rowsUpdated) return [];
  const what = `import ${sent.import} says ${ended.rowsNew} new and ${ended.rowsUpdated} updated rows`;
  return [finding('differing', what, [sent, ended], [counted])];
}
