/** What is said in German of the trail. */
export const auditQueryDe = {
  audit: {
    about: 'Betrifft',
    from: 'Von wo',
    erased: '(Inhalt gelöscht)',
    waiting: 'Der Server antwortet gerade nicht; es wird weiter versucht.',
    case: 'Fall',
    asOf: 'Stand',
    records: 'Datensätze',
    present: '{count, number} noch da',
    history: 'Verlauf',
    conflicts: 'Konflikte',
    imports: 'Dateien',
    importRows: 'Befunde aus Dateien',
    operations: 'Bearbeitungen',
    locks: 'Sperren',
    readers: 'Protokoll gelesen',
    isCut: 'Ein Teil ist länger als ein Bericht; der Rest steht im Protokoll (meldesync audit export --case).',
  },
};

export const auditQueryErrorsDe = {
  exportCutOff: 'Der Export ist vor dem Ende abgebrochen und nicht vollständig.',
  exportUnwritable: 'Die Datei {file} lässt sich nicht schreiben ({reason}).',
};

/** What the help says of it. */
export const auditQueryHelpDe = {
  auditQuery:
    'Einträge des Protokolls, die neuesten zuerst. Für Auditoren und Administratoren; jeder Aufruf steht selbst im Protokoll.',
  auditReport: 'Alles, was zu einem Fall gespeichert ist, und wer das Protokoll gelesen hat.',
  auditReportCase: 'Fallnummer, jetzige oder frühere',
  auditExport: 'Das Protokoll als Datei, die ältesten Einträge zuerst.',
  auditFrom: 'ab: 2026-11-01, 2026-11-01T08:00, oder vor 30m, 24h, 7d',
  auditTo: 'bis: ein Tag mit seinem Ende, oder wie --from',
  auditPerson: 'wer: Name oder Id eines Mitglieds, me, system, user:ID, db:ROLLE; mehrmals möglich',
  auditGroup: 'worum es geht, mehrmals möglich: {groups}',
  auditKind: 'Art des Eintrags, etwa record-changed; mehrmals möglich',
  auditRecord: 'interne Id eines Datensatzes',
  auditCase: 'Fallnummer, jetzige oder frühere',
  auditText: 'Text, der vorher oder nachher darin steht',
  auditInstallation: 'alle Arbeitsbereiche und was zu keinem gehört; für Administratoren der Installation',
  auditLimit: 'wie viele (sonst {count, number})',
  auditFollow: 'weiter ausgeben, was neu dazukommt, bis Strg-C',
  auditFormat: '{formats}',
  auditOutput: 'in diese Datei statt auf die Standardausgabe',
  exampleAuditQuery: 'wer sich in den letzten 24 Stunden angemeldet hat',
  exampleAuditFollow: 'laufend, eine JSON-Zeile je Eintrag',
  exampleAuditExport: 'ein Monat für die Tabellenkalkulation',
  exampleAuditExportFhir: 'FHIR AuditEvents nach IHE BALP, einer je Zeile',
  exampleAuditReport: 'Überblick und Verlauf',
  exampleAuditReportJson: 'alles, als JSON',
};
