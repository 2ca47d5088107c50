export { checkHistory, type Judgement } from './check-history.ts';
export { type Dump, dumpWorkspace } from './dump.ts';
export { countFindings, FINDING_KINDS, type Finding, type FindingKind } from './finding.ts';
export { type HistoryEvent, parseHistory } from './history-event.ts';
export { FileLog, type HistoryLog, MemoryLog } from './record/history-log.ts';
export { type RecordedApi, recordApi } from './record/record-api.ts';
export { type RecordedClient, recordClient } from './record/record-client.ts';
export { type RecordedSql, recordSql } from './record/record-sql.ts';
