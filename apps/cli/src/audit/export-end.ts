import type { AuditFormat } from '@meldesync/protocol';

/** So much of the end of an export says whether it is whole. */
export const END_BYTES = 4_096;

/** Whether an export ended as it should, by its last bytes as text. */
export function isWholeExport(format: AuditFormat, end: string): boolean {
  if (format === 'fhir') return end.endsWith('\n]}\n') && !end.includes('"urn:meldesync:audit:cut-off"');
  if (!end.endsWith('\n')) return false;
  const last = end.trimEnd().split('\n').at(-1) ?? '';
  if (format === 'csv') return last.startsWith('export-complete;');
  try {
    const line: unknown = JSON.parse(last);
    if (typeof line !== 'object' || line === null) return false;
    if (format === 'jsonl') return 'type' in line && line.type === 'end';
    return 'issue' in line && JSON.stringify(line.issue).includes('"informational"');
  } catch {
    return false;
  }
}
