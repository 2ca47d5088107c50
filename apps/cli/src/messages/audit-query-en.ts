/** What is said in English of the trail. */
export const auditQueryEn = {
  audit: {
    about: 'About',
    from: 'Where from',
    erased: '(content erased)',
    waiting: 'The server does not answer right now; trying on.',
    case: 'Case',
    asOf: 'As of',
    records: 'Records',
    present: '{count, number} still there',
    history: 'History',
    conflicts: 'Conflicts',
    imports: 'Files',
    importRows: 'Findings from files',
    operations: 'Edits',
    locks: 'Locks',
    readers: 'Trail read by',
    isCut: 'A part is longer than a report; the rest is in the trail (meldesync audit export --case).',
  },
};

export const auditQueryErrorsEn = {
  exportCutOff: 'The export broke off before its end and is not complete.',
  exportUnwritable: 'The file {file} cannot be written ({reason}).',
};

/** What the help says of it. */
export const auditQueryHelpEn = {
  auditQuery:
    'Entries of the audit trail, newest first. For auditors and administrators; each call is on record itself.',
  auditReport: 'All that is held about a case, and who read the trail.',
  auditReportCase: 'case id, present or former',
  auditExport: 'The audit trail as a file, oldest entries first.',
  auditFrom: 'from: 2026-11-01, 2026-11-01T08:00, or 30m, 24h, 7d ago',
  auditTo: 'to: a day with its end, or as --from',
  auditPerson: 'who: name or id of a member, me, system, user:ID, db:ROLE; may be repeated',
  auditGroup: 'what it is about, may be repeated: {groups}',
  auditKind: 'kind of entry, such as record-changed; may be repeated',
  auditRecord: 'internal id of a record',
  auditCase: 'case id, present or former',
  auditText: 'text that is in it before or after',
  auditInstallation: 'all workspaces and what belongs to none; for administrators of the installation',
  auditLimit: 'how many ({count, number} otherwise)',
  auditFollow: 'go on printing what comes, until Ctrl-C',
  auditFormat: '{formats}',
  auditOutput: 'into this file instead of standard output',
  exampleAuditQuery: 'who signed in within the last 24 hours',
  exampleAuditFollow: 'as it comes, a line of JSON an entry',
  exampleAuditExport: 'a month for a spreadsheet',
  exampleAuditExportFhir: 'FHIR AuditEvents by IHE BALP, one a line',
  exampleAuditReport: 'overview and history',
  exampleAuditReportJson: 'all of it, as JSON',
};
