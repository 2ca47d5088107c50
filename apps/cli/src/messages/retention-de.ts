/** Was nach seiner Frist geht, und was auf Antrag gelöscht wird. */
export const retentionDe = {
  retention: {
    kinds: {
      operations: 'Antworten auf Bearbeitungen',
      'import-rows': 'Zeilen von Importen',
      conflicts: 'Konflikte',
      events: 'Ereignisse',
      changes: 'Verlauf gelöschter Meldebestätigungen',
    },
    kind: 'Was',
    keeps: 'Frist',
    gone: 'Entfernt',
    wouldGo: 'Ginge',
    stays: 'Bleibt, weil',
    days: '{count, plural, one {# Tag} other {# Tage}}',
    months: '{count, plural, one {# Monat} other {# Monate}}',
    forGood: 'unbegrenzt',
    reasons: {
      'not-archived': 'kein Archiv eingerichtet ist (AUDIT_ARCHIVE_FOLDER)',
      'not-sealed': 'noch nicht alles versiegelt ist',
      busy: 'die Tabelle nicht frei war',
    },
    confirm: 'Alles, was über seine Frist ist, jetzt entfernen?',
    waits: 'Ein Worker übernimmt das …',
    nobody: 'Kein Worker hat es übernommen. Läuft einer? Der Auftrag bleibt stehen: meldesync audit retention --list',
    failed: 'Abgebrochen ({reason}); was bis dahin entfernt war, steht im Protokoll.',
    run: 'Lauf',
    asked: 'Beauftragt',
    by: 'Von',
    outcome: 'Ergebnis',
    isDry: 'nur gezählt',
    isOpen: 'noch nicht begonnen',
    isRunning: 'läuft',
    total: '{count, plural, one {# Eintrag} other {# Einträge}} entfernt',
    totalDry: '{count, plural, one {# Eintrag} other {# Einträge}} über der Frist',
    caseQuestion: 'Kennung des Falls: ',
    caseAgain:
      'Alles zu diesem Fall in {workspace} wird unwiderruflich gelöscht. Zur Bestätigung noch einmal die Kennung: ',
    reasonQuestion: 'Grund für das Protokoll, ohne den Fall zu nennen: ',
    erased:
      'Gelöscht: {records, plural, one {# Meldebestätigung} other {# Meldebestätigungen}}, {changes, plural, one {# Eintrag} other {# Einträge}} im Verlauf, {conflicts, plural, one {# Konflikt} other {# Konflikte}}, {importRows, plural, one {# Importzeile} other {# Importzeilen}}, Nennungen in {notes, plural, one {# anderen Notiz} other {# anderen Notizen}}.',
    erasedNothing: 'In der Datenbank war nichts zu diesem Fall. Archive werden noch durchsucht.',
    erasedFiles:
      '{count, plural, one {# wartende Datei} other {# wartende Dateien}} nannten den Fall; ihr Import ist abgebrochen.',
    erasedLater:
      'Redis und Archive folgen in wenigen Minuten. Sicherungen halten den Fall, bis sie ihr Alter erreichen.',
  },
} as const;

export const retentionErrorsDe = {
  caseDiffers: 'Die beiden Kennungen sind verschieden; nichts wurde gelöscht.',
} as const;

export const helpRetentionDe = {
  auditRetention: 'Entfernen, was über seine Frist ist; ein Worker tut es täglich, und sofort auf Auftrag.',
  auditRetentionDry: 'nur zählen, was ginge',
  auditRetentionList: 'die letzten Läufe zeigen',
  auditErase: 'Alles löschen, was zu einem Fall gespeichert ist; es kann nicht rückgängig gemacht werden.',
  auditEraseReason: 'Grund für das Protokoll, ohne den Fall zu nennen',
  auditEraseStdin: 'die Kennung des Falls aus der ersten Zeile der Standardeingabe lesen',
  exampleAuditErase: 'fragt nach der Kennung, zweimal',
  exampleAuditEraseStdin: 'aus einem Skript',
} as const;
