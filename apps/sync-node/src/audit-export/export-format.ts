import type { AuditFormat } from '@meldesync/protocol';
import { csvFormat } from './csv.ts';
import { fhirBundleFormat, fhirLinesFormat } from './fhir-format.ts';
import type { ExportContext, ExportFormat } from './format-types.ts';
import { jsonLinesFormat } from './json-lines.ts';

const FORMATS: Readonly<Record<AuditFormat, (context: ExportContext) => ExportFormat>> = {
  csv: csvFormat,
  jsonl: jsonLinesFormat,
  fhir: fhirBundleFormat,
  'fhir-ndjson': fhirLinesFormat,
};

/** A format, of what an export says of itself. */
export function createExportFormat(format: AuditFormat, context: ExportContext): ExportFormat {
  return FORMATS[format](context);
}
