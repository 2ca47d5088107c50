import type { ImportRow } from '@meldesync/protocol';
import { api } from '../../api/api.ts';
import { type RejectedCsvHeader, rejectedCsv } from './rejected-csv.ts';

/** Has it put on record, fetches every row of an import that was rejected and hands them to the browser as a file. Rejects with `SyncError`. */
export async function downloadRejected(
  workspace: string,
  id: string,
  { name, header }: { readonly name: string; readonly header: RejectedCsvHeader },
): Promise<void> {
  await api().exportImportRows(workspace, id);
  const rows: ImportRow[] = [];
  let after: number | undefined;
  do {
    const page = await api().importRows(workspace, id, { after });
    rows.push(...page.rows);
    after = page.next ?? undefined;
  } while (after !== undefined);

  const url = URL.createObjectURL(new Blob([rejectedCsv(rows, header)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name.toLowerCase().endsWith('.csv') ? name : `${name}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
