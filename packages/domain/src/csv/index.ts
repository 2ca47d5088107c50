export { findContradictions, type NumberedSegment } from './contradictions.ts';
export { CSV_FILE_ERROR_CATALOGUE, CsvFileError, type CsvFileErrorCode } from './file-error.ts';
export { type CsvReaderOptions, readMeldebestaetigungCsv } from './read-csv.ts';
export {
  CSV_REJECTION_CATALOGUE,
  type CsvRecordRow,
  type CsvRejectedRow,
  type CsvRejectionCode,
  type CsvRow,
  describeRejection,
} from './row.ts';
