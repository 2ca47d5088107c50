import type { DetailedEntry } from '@meldesync/db';
import type { ExportContext, ExportFormat } from './format-types.ts';

/**
 * A JSON document a line: what the export is, each entry in the form in which it is sealed, and how the export ended. `content` is the
 * database's own text of `[before, after]`, digit by digit, so that the seals can be verified from the file alone (docs/AUDIT.md).
 */
export function jsonLinesFormat({ begun, baseUrl, version }: ExportContext): ExportFormat {
  const line = (value: object) => `${JSON.stringify(value)}\n`;
  return {
    contentType: 'application/jsonl',
    extension: 'jsonl',
    begin: () =>
      line({
        type: 'meldesync-audit-export',
        version: 1,
        service: baseUrl,
        serviceVersion: version,
        at: begun.at,
        workspace: begun.view.workspaceId,
        filter: begun.view.filter,
      }),
    entry: (detailed) => withContent(sealedForm(detailed), detailed.row.content),
    end: (count) => line({ type: 'end', entries: count }),
    cutOff: (count, code) => line({ type: 'cut-off', entries: count, code: 'export-cut-off', cause: code }),
  };
}

/** An entry's columns as they are sealed, then where the seals have it, then what is looked up for who reads. */
function sealedForm({ entry, row, leaf }: DetailedEntry): object {
  const source = row.source === 'change' ? 'c' : 'e';
  const header =
    row.source === 'change'
      ? {
          workspace_id: row.workspace,
          record_id: textOf(row.record),
          version: textOf(row.version),
          op: OP_OF_KIND[row.kind] ?? row.kind,
          actor: row.actor,
          via: row.via,
          operation: row.operation,
          import_id: row.import,
          traceparent: row.traceparent,
        }
      : {
          workspace_id: row.workspace,
          kind: row.kind,
          actor: row.actor,
          session_id: row.session,
          address: row.address,
          subject: row.subject,
        };
  const sealed = leaf && {
    seal: String(leaf.seal),
    position: leaf.position,
    salt: leaf.salt,
    // Of what is erased the commitment stays.
    commitment: leaf.content,
    isErased: leaf.isErased,
  };
  const { key, kind, actorName, subjectName, caseId, record } = entry;
  return {
    type: 'entry',
    source,
    id: String(row.id),
    txid: row.txid,
    at: row.at,
    micros: microsOf(row.at),
    ...header,
    sealed: sealed ?? null,
    shown: { key, kind, actorName, subjectName, caseId, record },
  };
}

const OP_OF_KIND: Readonly<Record<string, string>> = {
  'record-created': 'insert',
  'record-changed': 'update',
  'record-deleted': 'delete',
};

function textOf(value: number | null): string | null {
  return value === null ? null : String(value);
}

/** Microseconds since 1970 of a time as entries say it. */
function microsOf(at: string): string {
  const [, whole = '', fraction = ''] = /^(.*)\.(\d{6})Z$/.exec(at) ?? [];
  return String(BigInt(Date.parse(`${whole}Z`)) * 1000n + BigInt(fraction || '0'));
}

/** Put in as text: read and written again, a number could come out otherwise. */
function withContent(value: object, content: string | null): string {
  return `${JSON.stringify(value).slice(0, -1)},"content":${content ?? 'null'}}\n`;
}
