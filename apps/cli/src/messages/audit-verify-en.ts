/** What is said in English of whether the trail is as it was sealed. */
export const auditVerifyEn = {
  auditVerify: {
    sealed: 'Sealed',
    sealedEntries:
      '{entries, plural, one {# entry} other {# entries}} in {seals, plural, one {# seal} other {# seals}}, the last one of {at}',
    unsealed: 'Not yet',
    unsealedEntries: '{entries, plural, one {# entry} other {# entries}}, the oldest of {at}',
    unsealedNone: 'nothing',
    gone: 'Gone',
    goneEntries: 'content erased: {erased, number}; removed by retention: {cut, number}',
    checkpoints: 'Checkpoints',
    checkpointCount: '{inside, number} in the database, {outside, number} in the file',
    unsigned: 'Without --key no signature was checked.',
    noFile: 'Without --checkpoints it does not show when the end is missing.',
    export:
      '{entries, plural, one {# entry} other {# entries}}: {proved, number} proved, {unproved, number} not (not sealed yet, or erased since)',
    exportLimits:
      'What an export leaves out does not show, nor is what it shows beside an entry (names, the case id of now) part of what was sealed.',
    archiveLimits: 'Which archives there are, and whether one is missing, does not show.',
    archiveAlone: 'Without DATABASE_URL it is held to the seals that it brings along, and those to nothing.',
    exportWhole: 'Every entry in it is as it was sealed.',
    exportPartly: 'What is proved is as it was sealed.',
    whole: 'Everything is as it was sealed.',
    broken: '{count, plural, one {# place is} other {# places are}} not as it was sealed:',
    more: 'and {count, plural, one {# more} other {# more}}; all of them with --json',
    findings: {
      'entry-altered': 'Entry {entry} of {at} was altered (seal {seal}).',
      'entry-removed': 'Entry {entry} is missing; it was sealed at {at} (seal {seal}).',
      'entry-inserted': 'Entry {entry} with the time {at} was inserted afterwards.',
      'entry-reordered': 'Entry {entry} of {at} is not in its place (seal {seal}).',
      'entry-repeated': 'Entry {entry} of {at} stands there more than once.',
      'leaf-altered': 'What proves entry {entry} of {at} was altered (seal {seal}).',
      'leaf-removed': 'Seal {seal} lacks what proves an entry, at {entry} ({at}).',
      'leaf-inserted': 'Seal {seal} has a proof too many, at {entry} ({at}).',
      'batch-altered': 'One of the entries {entry} to {upTo} was altered with its proof (seal {seal}, {at}).',
      'seal-altered': 'Seal {seal} of {at} was altered.',
      'seal-removed': 'Seal {seal} is missing; the next one is of {at}.',
      'tail-removed': 'The end after seal {seal} is missing: a checkpoint knows it up to {at}.',
      'checkpoint-differs':
        'From seal {seal} ({at}) on everything was computed anew: the checkpoint knows another one.',
      'checkpoint-forged': 'The checkpoint of seal {seal} ({at}) is not signed with this key.',
      'checkpoint-key-unknown': 'The checkpoint of seal {seal} ({at}) names an unknown key.',
      'checkpoint-unreadable': 'A line of the file is no checkpoint, after that of seal {seal}.',
      'checkpoint-replayed': 'The checkpoint of seal {seal} ({at}) is older than the one before it.',
      'checkpoint-removed': 'The checkpoint of seal {seal} ({at}) is missing in the file.',
      'cut-unproved': 'No event tells that entry {entry} ({at}) was erased or removed (seal {seal}).',
    },
  },
};

/** Sentences for what keeps it from being verified. */
export const auditVerifyErrorsEn = {
  auditDatabaseMissing: 'The database is missing: DATABASE_URL or --database-url, as meldesync_auditor.',
  auditDatabaseUnreadable: 'The database cannot be read ({reason}).',
  auditKeyUnreadable: 'The key {file} cannot be read ({reason}).',
  auditKeyUnknown: '{file} is no Ed25519 key in PEM.',
  auditCheckpointsUnreadable: 'The checkpoints {file} cannot be read ({reason}).',
  auditExportUnreadable: 'The export {file} cannot be read ({reason}).',
  auditExportUnknown: '{file} is neither an export of the trail as JSON Lines nor an archive (line {line, number}).',
  auditExportAlone:
    'An export is held to the database: DATABASE_URL or --database-url, as meldesync_auditor. Alone {file} proves nothing.',
  auditExportCutOff: 'The export {file} is incomplete: it ends at line {line, number}.',
};

/** What the help says of it. */
export const auditVerifyHelpEn = {
  audit: 'The trail: what happened, and what proves it.',
  auditVerify: 'Check that the trail is as it was sealed; the first entry that is not is named.',
  auditVerifyDatabase: 'the database, as meldesync_auditor; instead of DATABASE_URL',
  auditVerifyCheckpoints: 'file of the signed checkpoints (AUDIT_CHECKPOINT_FILE)',
  auditVerifyKey: 'public key of the signatures in PEM, or several',
  auditVerifyExport: 'check an export as JSON Lines against the database, or an archive, which brings its proofs along',
  auditVerifyCopyAge: 'the file is a copy that may be so old: 30s, 5m, 2h',
  exampleAuditVerify: 'everything, with checkpoints and signatures; exit code 0 if nothing was altered',
  exampleAuditVerifyExport: 'whether an export says what was sealed',
};
