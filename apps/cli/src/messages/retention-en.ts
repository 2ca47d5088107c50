import type { Catalogue } from './catalogue.ts';
import type { helpRetentionDe, retentionErrorsDe } from './retention-de.ts';

/** What is said in English about what goes after its time, and what is erased on request. */
export const retentionEn: Pick<Catalogue, 'retention'> = {
  retention: {
    kinds: {
      operations: 'Answers to edits',
      'import-rows': 'Rows of imports',
      conflicts: 'Conflicts',
      events: 'Events',
      changes: 'History of deleted records',
    },
    kind: 'What',
    keeps: 'Kept for',
    gone: 'Gone',
    wouldGo: 'Would go',
    stays: 'Stays because',
    days: '{count, plural, one {# day} other {# days}}',
    months: '{count, plural, one {# month} other {# months}}',
    forGood: 'for good',
    reasons: {
      'not-archived': 'no archive is set up (AUDIT_ARCHIVE_FOLDER)',
      'not-sealed': 'not all of it is sealed yet',
      busy: 'the table was not free',
    },
    confirm: 'Let go now of all that is over its time?',
    waits: 'A worker takes it up …',
    nobody: 'No worker has taken it up. Is one running? The request stays: meldesync audit retention --list',
    failed: 'Ended before its end ({reason}); what went until then is on record.',
    run: 'Run',
    asked: 'Asked for',
    by: 'By',
    outcome: 'Outcome',
    isDry: 'only counted',
    isOpen: 'not begun yet',
    isRunning: 'under way',
    total: '{count, plural, one {# entry} other {# entries}} gone',
    totalDry: '{count, plural, one {# entry} other {# entries}} over its time',
    caseQuestion: 'Case id: ',
    caseAgain:
      'All that is held of this case in {workspace} will be erased for good. To confirm, the case id once more: ',
    reasonQuestion: 'Reason for the record, without naming the case: ',
    erased:
      'Erased: {records, plural, one {# record} other {# records}}, {changes, plural, one {# entry} other {# entries}} of history, {conflicts, plural, one {# conflict} other {# conflicts}}, {importRows, plural, one {# row of an import} other {# rows of imports}}, mentions in {notes, plural, one {# other note} other {# other notes}}.',
    erasedNothing: 'The database held nothing of this case. Archives are searched now.',
    erasedFiles:
      '{count, plural, one {# waiting file} other {# waiting files}} named the case; the import is cancelled.',
    erasedLater: 'Redis and archives follow within minutes. Backups hold the case until they reach their age.',
  },
};

/** Sentences of errors about them. */
export const retentionErrorsEn: Readonly<Record<keyof typeof retentionErrorsDe, string>> = {
  caseDiffers: 'The two case ids differ; nothing was erased.',
};

/** Help pages about them. */
export const helpRetentionEn: Readonly<Record<keyof typeof helpRetentionDe, string>> = {
  auditRetention: 'Let go of what is over its time; a worker does it daily, and at once when asked to.',
  auditRetentionDry: 'only count what would go',
  auditRetentionList: 'show the latest runs',
  auditErase: 'Erase all that is held of a case; it cannot be undone.',
  auditEraseReason: 'reason for the record, without naming the case',
  auditEraseStdin: 'read the case id from the first line of standard input',
  exampleAuditErase: 'asks for the case id, twice',
  exampleAuditEraseStdin: 'from a script',
};
