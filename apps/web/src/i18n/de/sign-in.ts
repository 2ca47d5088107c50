export const signIn = {
  title: 'Anmelden',
  subtitle: 'Meldebestätigungen im Modellvorhaben Genomsequenzierung',
  email: 'E-Mail-Adresse',
  password: 'Passwort',
  showPassword: 'Passwort zeigen',
  submit: 'Anmelden',
  again: 'Bitte melden Sie sich wieder an',
  againText: 'Ihre Sitzung ist abgelaufen. Die Seite und Ihre noch nicht gesendeten Änderungen bleiben erhalten.',
  emailMissing: 'Bitte geben Sie Ihre E-Mail-Adresse ein.',
  passwordMissing: 'Bitte geben Sie Ihr Passwort ein.',
  needsSetUp:
    'Diese Installation wartet noch auf ihre Einrichtung. Der Link dafür steht in der Ausgabe des Starts; einen neuen erstellt „meldesync admin bootstrap“ auf dem Server.',
  errors: {
    credentials: 'E-Mail-Adresse oder Passwort ist falsch.',
    email: 'Das ist keine gültige E-Mail-Adresse.',
    unverified: 'Diese E-Mail-Adresse ist noch nicht bestätigt.',
    rateLimited: 'Zu viele Versuche. Bitte warten Sie einen Augenblick.',
    unreachable: 'Der Dienst ist nicht erreichbar. Bitte versuchen Sie es gleich noch einmal.',
    other: 'Die Anmeldung ist fehlgeschlagen. Bitte versuchen Sie es noch einmal.',
  },
} as const;
