import type { ErrorCode } from '@meldesync/protocol';
import { toAuditEvent } from './fhir-event.ts';
import type { ExportContext, ExportFormat } from './format-types.ts';

const CONTENT = 'application/fhir+json';

/** One Bundle of AuditEvents. It is JSON only once it is whole; where something broke its last entry is an OperationOutcome. */
export function fhirBundleFormat(context: ExportContext): ExportFormat {
  const url = (index: number | string) => `urn:meldesync:audit:${index}`;
  const entryOf = (fullUrl: string, resource: object) => JSON.stringify({ fullUrl, resource });
  return {
    contentType: CONTENT,
    extension: 'fhir.json',
    begin: () => `{"resourceType":"Bundle","type":"collection","timestamp":"${context.begun.at}","entry":[`,
    entry: ({ entry }, index) => `${index === 0 ? '' : ','}\n${entryOf(url(entry.key), toAuditEvent(entry, context))}`,
    end: () => '\n]}\n',
    cutOff: (count, code) => `${count === 0 ? '' : ','}\n${entryOf(url('cut-off'), outcomeOf(count, code))}\n]}\n`,
  };
}

/** A resource a line (NDJSON). The last is an OperationOutcome: whole, or where it broke. */
export function fhirLinesFormat(context: ExportContext): ExportFormat {
  const line = (resource: object) => `${JSON.stringify(resource)}\n`;
  return {
    contentType: 'application/fhir+ndjson',
    extension: 'fhir.ndjson',
    begin: () => '',
    entry: ({ entry }) => line(toAuditEvent(entry, context)),
    end: (count) => line(outcomeOf(count)),
    cutOff: (count, code) => line(outcomeOf(count, code)),
  };
}

/** How an export ended, and after how many entries. */
function outcomeOf(count: number, code?: ErrorCode): object {
  const issue =
    code === undefined
      ? { severity: 'information', code: 'informational', diagnostics: `complete, entries: ${count}` }
      : {
          severity: 'fatal',
          code: 'incomplete',
          details: { coding: [{ system: 'urn:meldesync:error', code: 'export-cut-off' }] },
          diagnostics: `cut off by ${code}, entries: ${count}`,
        };
  return { resourceType: 'OperationOutcome', issue: [issue] };
}
