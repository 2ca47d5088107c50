/** What is said in German about who is signed in where. */
export const signInDe = {
  login: {
    server: 'Server: ',
    email: 'E-Mail-Adresse: ',
    password: 'Passwort: ',
    code: 'Code der zweiten Bestätigung oder Wiederherstellungscode: ',
    openInBrowser: 'Öffnen Sie im Browser, auf diesem oder einem anderen Gerät:',
    enterCode: 'Vergleichen oder geben Sie dort diesen Code ein:',
    orAtOnce: 'Mit dem Code in einem: {address}',
    waiting: 'Der Code gilt {minutes, number} Minuten. Warte auf Ihre Bestätigung …',
    signedIn: 'Angemeldet als {name} ({email}) an {server}.',
    workspace: 'Arbeitsbereich: {name} ({role}).',
    chooseWorkspace: 'Sie gehören zu mehreren Arbeitsbereichen. Wählen Sie einen mit: meldesync workspaces --use NAME',
    noWorkspace: 'Sie gehören noch zu keinem Arbeitsbereich.',
    insecure:
      'Achtung: Die Verbindung zu {server} ist nicht verschlüsselt; Passwort und Gesundheitsdaten gehen im Klartext über das Netz.',
    leftInKeyring:
      'Der Schlüsselbund des Systems antwortet nicht. Ein früheres Token für {server} liegt noch darin und gilt womöglich weiter; meldesync logout entfernt es, sobald der Schlüsselbund entsperrt ist.',
  },
  tryAgainIn: 'Bitte versuchen Sie es in {seconds, plural, one {# Sekunde} other {# Sekunden}} noch einmal.',
  logout: {
    done: 'Abgemeldet von {server}.',
    localOnly: 'Der Zugang ist gelöscht; der Server {server} war für die Abmeldung nicht erreichbar.',
    notSignedIn: 'Es war niemand angemeldet.',
    tokenInEnvironment: 'MELDESYNC_TOKEN ist weiterhin gesetzt.',
  },
  whoami: {
    person: 'Person',
    email: 'E-Mail',
    server: 'Server',
    workspace: 'Arbeitsbereich',
    noneChosen: 'keiner ausgewählt',
    token: 'Zugang in',
    inKeyring: 'Schlüsselbund des Systems',
    inFile: '{path}',
    inTokenFile: 'Datei von --token-file',
  },
} as const;

/** Sentences of errors on the way in. */
export const signInErrorsDe = {
  noServer: 'Es ist noch kein Server bekannt. Bitte melden Sie sich an: meldesync login SERVER',
  notSignedIn: 'Sie sind an {server} nicht angemeldet. Bitte melden Sie sich an: meldesync login {server}',
  wrongCredentials: 'Die E-Mail-Adresse oder das Passwort ist falsch.',
  wrongCode: 'Der Code ist falsch oder abgelaufen.',
  signInRefused: 'Der Server hat die Anmeldung abgelehnt (HTTP {status}).',
  noEmail: 'Es fehlt die E-Mail-Adresse. Bitte mit --email angeben.',
  noPassword: 'Es fehlt das Passwort. Ohne Terminal bitte mit --password-stdin oder MELDESYNC_PASSWORD übergeben.',
  noCode: 'Das Konto verlangt eine zweite Bestätigung; ohne Terminal kann niemand danach gefragt werden.',
  deviceDenied: 'Die Anmeldung wurde im Browser abgelehnt.',
  deviceExpired: 'Der Code ist abgelaufen. Bitte beginnen Sie neu: meldesync login',
  tokenFileUnreadable: 'In der Datei {path} ist kein Token lesbar ({reason}).',
  credentialsExposed:
    'Die Datei {path} enthält einen Zugang und ist für andere lesbar. Bitte ändern Sie das: chmod 600 {path}',
  keyringUnreadable:
    'Der Schlüsselbund des Systems antwortet nicht. Bitte entsperren Sie ihn, oder melden Sie sich neu an: meldesync login {server}',
  leftInKeyring:
    'Der Schlüsselbund des Systems antwortet nicht. Ein Token für {server} liegt noch darin und gilt womöglich weiter. Bitte entsperren Sie ihn, und melden Sie sich noch einmal ab: meldesync logout --server {server}',
} as const;
