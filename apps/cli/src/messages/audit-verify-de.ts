/** What is said in German of whether the trail is as it was sealed. */
export const auditVerifyDe = {
  auditVerify: {
    sealed: 'Versiegelt',
    sealedEntries:
      '{entries, plural, one {# Eintrag} other {# Einträge}} in {seals, plural, one {# Siegel} other {# Siegeln}}, das letzte von {at}',
    unsealed: 'Noch nicht',
    unsealedEntries: '{entries, plural, one {# Eintrag} other {# Einträge}}, der älteste von {at}',
    unsealedNone: 'nichts',
    gone: 'Nicht mehr da',
    goneEntries: 'Inhalt gelöscht: {erased, number}; nach Ablauf der Frist entfernt: {cut, number}',
    checkpoints: 'Prüfpunkte',
    checkpointCount: '{inside, number} in der Datenbank, {outside, number} in der Datei',
    unsigned: 'Ohne --key sind die Unterschriften nicht geprüft.',
    noFile: 'Ohne --checkpoints fällt nicht auf, wenn das Ende fehlt.',
    export:
      '{entries, plural, one {# Eintrag} other {# Einträge}}: {proved, number} bewiesen, {unproved, number} nicht (noch nicht versiegelt oder seither gelöscht)',
    exportLimits:
      'Was ein Export auslässt, fällt nicht auf; und was er neben einem Eintrag zeigt (Namen, die heutige Fallnummer), gehört nicht zu dem, was versiegelt wurde.',
    archiveLimits: 'Welche Archive es gibt, und ob eines fehlt, fällt nicht auf.',
    archiveAlone: 'Ohne DATABASE_URL ist es an den Siegeln geprüft, die es mitbringt, und diese an nichts.',
    exportWhole: 'Jeder Eintrag darin ist, wie er versiegelt wurde.',
    exportPartly: 'Was bewiesen ist, ist, wie es versiegelt wurde.',
    whole: 'Alles ist, wie es versiegelt wurde.',
    broken:
      '{count, plural, one {# Stelle ist nicht, wie sie versiegelt wurde} other {# Stellen sind nicht, wie sie versiegelt wurden}}:',
    more: 'und {count, plural, one {# weitere} other {# weitere}}; alle mit --json',
    findings: {
      'entry-altered': 'Der Eintrag {entry} vom {at} wurde verändert (Siegel {seal}).',
      'entry-removed': 'Der Eintrag {entry} fehlt; versiegelt wurde er am {at} (Siegel {seal}).',
      'entry-inserted': 'Der Eintrag {entry} mit der Zeit {at} wurde nachträglich eingefügt.',
      'entry-reordered': 'Der Eintrag {entry} vom {at} steht nicht an seiner Stelle (Siegel {seal}).',
      'entry-repeated': 'Der Eintrag {entry} vom {at} steht mehrmals da.',
      'leaf-altered': 'Der Beweis zum Eintrag {entry} vom {at} wurde verändert (Siegel {seal}).',
      'leaf-removed': 'Im Siegel {seal} fehlt ein Beweis, bei {entry} ({at}).',
      'leaf-inserted': 'Im Siegel {seal} gibt es einen Beweis zu viel, bei {entry} ({at}).',
      'batch-altered': 'Einer der Einträge {entry} bis {upTo} wurde mit seinem Beweis verändert (Siegel {seal}, {at}).',
      'seal-altered': 'Das Siegel {seal} vom {at} wurde verändert.',
      'seal-removed': 'Das Siegel {seal} fehlt; das nächste ist vom {at}.',
      'tail-removed': 'Nach dem Siegel {seal} fehlt das Ende: Ein Prüfpunkt kennt es bis {at}.',
      'checkpoint-differs': 'Ab dem Siegel {seal} ({at}) wurde alles neu berechnet: Der Prüfpunkt kennt ein anderes.',
      'checkpoint-forged': 'Der Prüfpunkt zum Siegel {seal} ({at}) ist nicht mit diesem Schlüssel unterschrieben.',
      'checkpoint-key-unknown': 'Der Prüfpunkt zum Siegel {seal} ({at}) nennt einen unbekannten Schlüssel.',
      'checkpoint-unreadable': 'Eine Zeile der Datei ist kein Prüfpunkt, nach dem zum Siegel {seal}.',
      'checkpoint-replayed': 'Der Prüfpunkt zum Siegel {seal} ({at}) ist älter als der vor ihm.',
      'checkpoint-removed': 'Der Prüfpunkt zum Siegel {seal} ({at}) fehlt in der Datei.',
      'cut-unproved':
        'Dass der Eintrag {entry} ({at}) gelöscht oder entfernt wurde, belegt kein Ereignis (Siegel {seal}).',
    },
  },
};

/** Sentences for what keeps it from being verified. */
export const auditVerifyErrorsDe = {
  auditDatabaseMissing: 'Es fehlt die Datenbank: DATABASE_URL oder --database-url, als meldesync_auditor.',
  auditDatabaseUnreadable: 'Die Datenbank lässt sich nicht lesen ({reason}).',
  auditKeyUnreadable: 'Der Schlüssel {file} lässt sich nicht lesen ({reason}).',
  auditKeyUnknown: '{file} ist kein Ed25519-Schlüssel in PEM.',
  auditCheckpointsUnreadable: 'Die Prüfpunkte {file} lassen sich nicht lesen ({reason}).',
  auditExportUnreadable: 'Der Export {file} lässt sich nicht lesen ({reason}).',
  auditExportUnknown:
    '{file} ist weder ein Export des Protokolls als JSON Lines noch ein Archiv (Zeile {line, number}).',
  auditExportAlone:
    'Ein Export wird an der Datenbank geprüft: DATABASE_URL oder --database-url, als meldesync_auditor. Allein beweist {file} nichts.',
  auditExportCutOff: 'Der Export {file} ist unvollständig: Er bricht bei Zeile {line, number} ab.',
};

/** What the help says of it. */
export const auditVerifyHelpDe = {
  audit: 'Das Protokoll: was geschehen ist, und was es beweist.',
  auditVerify:
    'Prüfen, ob das Protokoll ist, wie es versiegelt wurde; der erste Eintrag, der es nicht ist, wird genannt.',
  auditVerifyDatabase: 'die Datenbank, als meldesync_auditor; statt DATABASE_URL',
  auditVerifyCheckpoints: 'Datei der unterschriebenen Prüfpunkte (AUDIT_CHECKPOINT_FILE)',
  auditVerifyKey: 'öffentlicher Schlüssel der Unterschriften in PEM, oder mehrere',
  auditVerifyExport:
    'einen Export als JSON Lines an der Datenbank prüfen, oder ein Archiv, das seine Beweise mitbringt',
  auditVerifyCopyAge: 'die Datei ist eine Kopie, die so alt sein darf: 30s, 5m, 2h',
  exampleAuditVerify: 'alles, mit Prüfpunkten und Unterschriften; Exit-Code 0, wenn nichts verändert ist',
  exampleAuditVerifyExport: 'ob in einem Export steht, was versiegelt wurde',
};
