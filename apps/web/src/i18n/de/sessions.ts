export const sessions = {
  browserOn: '{program} unter {system}',
  terminal: 'Terminal',
  shared: 'gemeinsam genutztes Gerät',
  lastInput: 'zuletzt benutzt {date}',
  endOthers: 'Alle anderen beenden',
  endAll: 'Überall abmelden',
  endedOthers:
    '{count, plural, =0 {Es gab keine andere Sitzung.} one {Eine Sitzung ist beendet.} other {# Sitzungen sind beendet.}}',
  endFailed: 'Die Sitzungen ließen sich nicht beenden.',
  proveTitle: 'Bitte bestätigen Sie, dass Sie es sind',
  proveText: 'Ihre Anmeldung ist eine Weile her. Bitte geben Sie Ihr Passwort noch einmal ein.',
  prove: 'Bestätigen',
  proveCancel: 'Nicht jetzt',
  proveProblems: {
    missing: 'Bitte geben Sie Ihr Passwort ein.',
    'password-wrong': 'Das Passwort ist falsch.',
    'no-password': 'Dieses Konto hat kein Passwort. Bitte melden Sie sich ab und wieder an.',
    'rate-limited': 'Zu viele Versuche. Bitte warten Sie einen Augenblick.',
    other: 'Das ging gerade nicht. Bitte versuchen Sie es noch einmal.',
  },
} as const;
