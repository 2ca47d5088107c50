export const offline = {
  manual: 'manuell',
  announceManual: 'Keine Live-Verbindung. Sie können die Daten von Hand aktualisieren.',
  announceStale: 'Änderungen anderer kommen gerade nicht an. Sie können die Daten von Hand aktualisieren.',
  manualBanner:
    'Keine Live-Verbindung. Stand {time}{minutes, plural, =0 {} one {, vor # Minute} other {, vor # Minuten}}.',
  staleBanner:
    'Änderungen anderer kommen gerade nicht an; was Sie sehen, kann alt sein. Stand {time}{minutes, plural, =0 {} one {, vor # Minute} other {, vor # Minuten}}.',
  staleGoOn: 'Sie können weiterarbeiten.',
  manualNever: 'Keine Live-Verbindung, und noch keine Daten.',
  manualPending: '{count, plural, one {Ihre Änderung wird} other {Ihre # Änderungen werden}} gerade gesendet.',
  retry: 'Erneut verbinden',
  retrying: 'Verbinde …',
  offlinePending:
    'Offline. {count, plural, one {Ihre Änderung wird} other {Ihre # Änderungen werden}} gesendet, sobald Sie wieder online sind.',
  storage: 'Hinweis zum Speicher',
  storageFull: 'Der Speicher dieses Browsers ist voll.',
  storageFailed: 'Dieser Browser kann hier nichts speichern.',
  storageGoOn: 'Sie können weiterarbeiten; ohne Verbindung lässt sich diese Seite aber nicht neu öffnen.',
  storageUnsent:
    '{count, plural, one {Ihre ungesendete Änderung gibt} other {Ihre # ungesendeten Änderungen gibt}} es nur auf dieser Seite: Lassen Sie sie offen, bis alles gesendet ist.',
  waitElsewhere:
    '{count, plural, one {Eine Ihrer Änderungen wartet} other {# Ihrer Änderungen warten}} in einem anderen Fenster oder Arbeitsbereich noch darauf, gesendet zu werden.',
  offlineSince: 'Stand {time}.',
  signOutUnsent:
    '{count, plural, one {Eine Änderung ist noch nicht gesendet und geht verloren} other {# Änderungen sind noch nicht gesendet und gehen verloren}}, wenn Sie sich jetzt abmelden. Trotzdem abmelden?',
  signOutKept:
    '{count, plural, one {Eine Änderung ist noch nicht gesendet. Sie bleibt verschlüsselt in diesem Browser und wird gesendet, sobald Sie sich hier wieder anmelden.} other {# Änderungen sind noch nicht gesendet. Sie bleiben verschlüsselt in diesem Browser und werden gesendet, sobald Sie sich hier wieder anmelden.}} Jetzt abmelden?',
} as const;
