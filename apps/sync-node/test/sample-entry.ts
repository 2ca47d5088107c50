import type { DetailedEntry } from '@meldesync/db';

/** An entry of the trail as the database gives it, with what a test cares about. */
export function sampleEntry(over: Partial<DetailedEntry['entry']> = {}, leaf?: DetailedEntry['leaf']): DetailedEntry {
  const entry: DetailedEntry['entry'] = {
    key: 'change:12',
    at: '2026-11-30T16:00:00.000123Z',
    kind: 'record-changed',
    actor: 'user:anna',
    actorName: 'Anna Albers',
    via: 'web',
    address: null,
    session: null,
    workspace: '6f1c52a4-6d5c-4d55-9a43-0e2f4f4b7f10',
    record: 7,
    version: 3,
    caseId: 'F-1',
    subject: 'record:7',
    subjectName: null,
    operation: 'operation-1',
    import: null,
    before: { note: null },
    after: { note: 'Rückruf; "morgen"\num 8' },
    seal: leaf?.seal ?? null,
    isErased: false,
    ...over,
  };
  const [source, id] = entry.key.split(':');
  return {
    entry,
    row: {
      ...entry,
      source: source === 'change' ? 'change' : 'event',
      id: Number(id),
      txid: '815',
      traceparent: null,
      content: JSON.stringify([entry.before, entry.after]),
    },
    leaf,
  };
}
