import { z } from 'zod';

interface CatalogueEntry {
  /** HTTP status the error has over the API (RFC 9110). */
  status: number;
  /** Whether the same request may succeed later without a change. */
  retryable: boolean;
  /** One sentence for a person. */
  de: string;
  en: string;
}

/** Every error a client can meet, over HTTP, WebSocket and CLI alike. */
export const ERROR_CATALOGUE = {
  'bad-request': {
    status: 400,
    retryable: false,
    de: 'Die Anfrage ist nicht lesbar.',
    en: 'The request cannot be read.',
  },
  'invalid-message': {
    status: 400,
    retryable: false,
    de: 'Die Nachricht entspricht nicht dem Protokoll.',
    en: 'The message does not follow the protocol.',
  },
  'unexpected-message': {
    status: 400,
    retryable: false,
    de: 'Diese Nachricht ist in diesem Zustand der Verbindung nicht erlaubt.',
    en: 'This message is not allowed in this state of the connection.',
  },
  unauthenticated: { status: 401, retryable: false, de: 'Bitte melden Sie sich an.', en: 'Please sign in.' },
  'credentials-wrong': {
    status: 401,
    retryable: false,
    de: 'E-Mail-Adresse oder Passwort ist falsch.',
    en: 'E-mail address or password is wrong.',
  },
  'signed-in-as-another': {
    status: 409,
    retryable: false,
    de: 'In diesem Browser ist inzwischen jemand anderes angemeldet.',
    en: 'Somebody else has signed in in this browser meanwhile.',
  },
  forbidden: {
    status: 403,
    retryable: false,
    de: 'Ihre Rolle erlaubt das nicht.',
    en: 'Your role does not allow this.',
  },
  'foreign-origin': {
    status: 403,
    retryable: false,
    de: 'MeldeSync ist unter einer anderen Adresse eingerichtet und nimmt von dieser Seite nichts an.',
    en: 'MeldeSync is set up for another address and takes nothing from this page.',
  },
  'workspace-not-found': {
    status: 404,
    retryable: false,
    de: 'Diesen Arbeitsbereich gibt es nicht, oder Sie gehören nicht dazu.',
    en: 'This workspace does not exist, or you are not a member.',
  },
  'record-not-found': {
    status: 404,
    retryable: false,
    de: 'Diese Meldebestätigung gibt es in diesem Arbeitsbereich nicht.',
    en: 'This record does not exist in this workspace.',
  },
  'record-deleted': {
    status: 410,
    retryable: false,
    de: 'Diese Meldebestätigung wurde inzwischen gelöscht.',
    en: 'This record has been deleted meanwhile.',
  },
  'reason-names-case': {
    status: 422,
    retryable: false,
    de: 'Die Begründung nennt den Fall, der gelöscht werden soll; sie bleibt im Protokoll.',
    en: 'The reason names the case that is to be erased; it stays on record.',
  },
  'lock-not-found': {
    status: 404,
    retryable: false,
    de: 'Diese Sperre gibt es nicht mehr.',
    en: 'This lock does not exist any more.',
  },
  'conflict-not-found': {
    status: 404,
    retryable: false,
    de: 'Diesen Konflikt gibt es in diesem Arbeitsbereich nicht.',
    en: 'This conflict does not exist in this workspace.',
  },
  'conflict-settled': {
    status: 409,
    retryable: false,
    de: 'Dieser Konflikt ist schon auf andere Weise gelöst.',
    en: 'This conflict has already been settled in another way.',
  },
  'import-not-found': {
    status: 404,
    retryable: false,
    de: 'Diesen Import gibt es in diesem Arbeitsbereich nicht.',
    en: 'This import does not exist in this workspace.',
  },
  'import-ended': {
    status: 409,
    retryable: false,
    de: 'Dieser Import ist schon beendet.',
    en: 'This import has already ended.',
  },
  'import-not-paused': {
    status: 409,
    retryable: false,
    de: 'Dieser Import ist nicht angehalten.',
    en: 'This import is not paused.',
  },
  'not-found': {
    status: 404,
    retryable: false,
    de: 'Diese Adresse gibt es nicht.',
    en: 'This address does not exist.',
  },
  'method-not-allowed': {
    status: 405,
    retryable: false,
    de: 'Unter dieser Adresse geht das nicht; „Allow“ nennt, was geht.',
    en: 'This cannot be done at this address; “Allow” names what can.',
  },
  'not-acceptable': {
    status: 406,
    retryable: false,
    de: 'In keiner der Formen, die „Accept“ nennt, gibt es hier eine Antwort.',
    en: 'There is no answer here in any of the forms that “Accept” names.',
  },
  'member-not-found': {
    status: 404,
    retryable: false,
    de: 'Diese Person gehört nicht zum Arbeitsbereich.',
    en: 'This person does not belong to the workspace.',
  },
  'account-not-found': {
    status: 404,
    retryable: false,
    de: 'Dieses Konto gibt es nicht.',
    en: 'This account does not exist.',
  },
  'invitation-not-found': {
    status: 404,
    retryable: false,
    de: 'Diese Einladung gibt es nicht oder nicht mehr.',
    en: 'This invitation does not exist, or no longer.',
  },
  'token-not-found': {
    status: 404,
    retryable: false,
    de: 'Dieses Token gibt es nicht oder nicht mehr.',
    en: 'This token does not exist, or no longer.',
  },
  'already-member': {
    status: 409,
    retryable: false,
    de: 'Diese Person gehört schon zum Arbeitsbereich.',
    en: 'This person belongs to the workspace already.',
  },
  'email-taken': {
    status: 409,
    retryable: false,
    de: 'Zu dieser E-Mail-Adresse gibt es schon ein Konto.',
    en: 'There is an account with this e-mail address already.',
  },
  'workspace-name-taken': {
    status: 409,
    retryable: false,
    de: 'Einen Arbeitsbereich mit diesem Namen gibt es schon.',
    en: 'There is a workspace with this name already.',
  },
  'last-administrator': {
    status: 409,
    retryable: false,
    de: 'Das geht nicht: Es bliebe niemand übrig, der verwalten darf.',
    en: 'That cannot be done: nobody would be left who may administer.',
  },
  'own-account': {
    status: 409,
    retryable: false,
    de: 'Das eigene Konto können Sie nicht sperren, löschen oder in ein anderes überführen.',
    en: 'You cannot disable or delete your own account, or merge it into another one.',
  },
  'changed-meanwhile': {
    status: 412,
    retryable: false,
    de: 'Jemand anderes hat das inzwischen geändert. Bitte sehen Sie sich den neuen Stand an.',
    en: 'Somebody else has changed this meanwhile. Please look at how it is now.',
  },
  'name-invalid': {
    status: 422,
    retryable: false,
    de: 'Ein Name hat 1 bis 100 Zeichen, darunter einen Buchstaben, und keine Steuerzeichen.',
    en: 'A name has 1 to 100 characters, a letter among them, and no control characters.',
  },
  'role-unknown': {
    status: 422,
    retryable: false,
    de: 'Diese Rolle gibt es nicht. Es gibt Lesen, Bearbeiten, Verwalten und Prüfen.',
    en: 'There is no such role. There are Read, Edit, Manage and Audit.',
  },
  'address-repeated': {
    status: 422,
    retryable: false,
    de: 'Diese E-Mail-Adresse steht in der Datei schon weiter oben.',
    en: 'This e-mail address stands in the file above already.',
  },
  'email-invalid': {
    status: 422,
    retryable: false,
    de: 'Das ist keine E-Mail-Adresse.',
    en: 'This is no e-mail address.',
  },
  'expiry-invalid': {
    status: 422,
    retryable: false,
    de: 'Das Ende muss in der Zukunft liegen, ein Token gilt höchstens ein Jahr.',
    en: 'The end must be in the future; a token lasts a year at most.',
  },
  'password-too-short': {
    status: 422,
    retryable: false,
    de: 'Ein Passwort hat mindestens 12 Zeichen.',
    en: 'A password has at least 12 characters.',
  },
  'password-too-long': {
    status: 422,
    retryable: false,
    de: 'Ein Passwort hat höchstens 256 Zeichen.',
    en: 'A password has at most 256 characters.',
  },
  'password-too-common': {
    status: 422,
    retryable: false,
    de: 'Dieses Passwort ist bekannt oder leicht zu erraten. Bitte wählen Sie ein anderes.',
    en: 'This password is known or easy to guess. Please choose another.',
  },
  'password-is-address': {
    status: 422,
    retryable: false,
    de: 'Das Passwort darf nicht Ihr Name oder Ihre E-Mail-Adresse sein.',
    en: 'The password must not be your name or e-mail address.',
  },
  'link-unknown': {
    status: 404,
    retryable: false,
    de: 'Dieser Link ist nicht gültig. Bitte prüfen Sie, ob er vollständig ist.',
    en: 'This link is not valid. Please check that it is complete.',
  },
  'link-expired': {
    status: 410,
    retryable: false,
    de: 'Dieser Link ist abgelaufen. Bitte lassen Sie sich einen neuen geben.',
    en: 'This link has expired. Please ask for a new one.',
  },
  'link-used': {
    status: 410,
    retryable: false,
    de: 'Dieser Link wurde schon benutzt.',
    en: 'This link has been used already.',
  },
  'set-up-done': {
    status: 409,
    retryable: false,
    de: 'Diese Installation ist schon eingerichtet. Bitte melden Sie sich an.',
    en: 'This installation is set up already. Please sign in.',
  },
  'invited-as-another': {
    status: 403,
    retryable: false,
    de: 'Die Einladung gilt einer anderen E-Mail-Adresse als der, mit der Sie angemeldet sind.',
    en: 'The invitation is for another e-mail address than the one you are signed in with.',
  },
  'session-not-found': {
    status: 404,
    retryable: false,
    de: 'Diese Sitzung gibt es nicht mehr.',
    en: 'This session is no longer there.',
  },
  'password-wrong': {
    status: 403,
    retryable: false,
    de: 'Das Passwort ist falsch.',
    en: 'The password is wrong.',
  },
  'no-password': {
    status: 409,
    retryable: false,
    de: 'Dieses Konto hat kein Passwort. Bitte melden Sie sich ab und wieder an.',
    en: 'This account has no password. Please sign out and in again.',
  },
  'reauthentication-needed': {
    status: 403,
    retryable: false,
    de: 'Dafür ist zu bestätigen, dass Sie es sind.',
    en: 'This needs a confirmation that it is you.',
  },
  'code-wrong': {
    status: 403,
    retryable: false,
    de: 'Dieser Code ist falsch, abgelaufen oder schon benutzt.',
    en: 'This code is wrong, has expired, or has been used already.',
  },
  'second-factor-locked': {
    status: 429,
    retryable: true,
    de: 'Zu viele falsche Codes. Bitte versuchen Sie es in 15 Minuten noch einmal.',
    en: 'Too many wrong codes. Please try again in 15 minutes.',
  },
  'second-factor-unreadable': {
    status: 409,
    retryable: false,
    de: 'Ihre Einmalcodes können nicht mehr geprüft werden. Bitte wenden Sie sich an die Verwaltung: Sie entfernt sie, und Sie richten neue ein.',
    en: 'Your one-time codes cannot be checked any more. Please turn to your administrators: they remove them, and you set up new ones.',
  },
  'sign-in-expired': {
    status: 403,
    retryable: false,
    de: 'Das hat zu lange gedauert, oder es waren zu viele Versuche. Bitte melden Sie sich neu an.',
    en: 'That took too long, or there were too many tries. Please sign in anew.',
  },
  'second-factor-set-up': {
    status: 409,
    retryable: false,
    de: 'Einmalcodes sind für dieses Konto schon eingerichtet.',
    en: 'One-time codes are set up for this account already.',
  },
  'second-factor-missing': {
    status: 409,
    retryable: false,
    de: 'Einmalcodes sind für dieses Konto nicht eingerichtet.',
    en: 'One-time codes are not set up for this account.',
  },
  'passkey-unknown': {
    status: 403,
    retryable: false,
    de: 'Dieser Passkey öffnet hier kein Konto. Bitte melden Sie sich auf andere Weise an.',
    en: 'This passkey opens no account here. Please sign in in another way.',
  },
  'passkey-refused': {
    status: 403,
    retryable: false,
    de: 'Der Passkey konnte nicht geprüft werden. Bitte versuchen Sie es noch einmal.',
    en: 'The passkey could not be checked. Please try again.',
  },
  'passkey-needed': {
    status: 403,
    retryable: false,
    de: 'Für dieses Konto genügt das Passwort allein nicht. Bitte melden Sie sich mit Ihrem Passkey an.',
    en: 'A password alone is not enough for this account. Please sign in with your passkey.',
  },
  'second-factor-needed': {
    status: 403,
    retryable: false,
    de: 'Diese Installation verlangt eine zweite Bestätigung. Bitte richten Sie sie unter „Konto“ ein.',
    en: 'This installation asks for a second factor. Please set one up under “Account”.',
  },
  'sso-unavailable': {
    status: 503,
    retryable: true,
    de: 'Die gemeinsame Anmeldung ist gerade nicht erreichbar.',
    en: 'Single sign-on is not available right now.',
  },
  'sso-failed': {
    status: 403,
    retryable: false,
    de: 'Die gemeinsame Anmeldung ist nicht gelungen. Bitte versuchen Sie es noch einmal.',
    en: 'Single sign-on did not succeed. Please try again.',
  },
  'sso-cancelled': {
    status: 403,
    retryable: false,
    de: 'Die gemeinsame Anmeldung wurde abgebrochen.',
    en: 'Single sign-on was cancelled.',
  },
  'sso-not-invited': {
    status: 403,
    retryable: false,
    de: 'Für Sie gibt es hier kein Konto. Bitte lassen Sie sich einladen.',
    en: 'There is no account for you here. Please ask for an invitation.',
  },
  'sso-email-unverified': {
    status: 403,
    retryable: false,
    de: 'Ihre E-Mail-Adresse ist bei der gemeinsamen Anmeldung nicht bestätigt. Bitte wenden Sie sich an Ihre IT.',
    en: 'Your e-mail address is not verified at single sign-on. Please ask your IT department.',
  },
  'sso-other-account': {
    status: 403,
    retryable: false,
    de: 'Das Konto mit Ihrer E-Mail-Adresse gehört zu einer anderen Person der gemeinsamen Anmeldung. Bitte wenden Sie sich an Ihre Verwaltung.',
    en: 'The account with your e-mail address belongs to another person of single sign-on. Please ask your administrators.',
  },
  'account-disabled': {
    status: 403,
    retryable: false,
    de: 'Dieses Konto ist gesperrt. Bitte wenden Sie sich an Ihre Verwaltung.',
    en: 'This account is disabled. Please ask your administrators.',
  },
  'passwords-off': {
    status: 403,
    retryable: false,
    de: 'Hier meldet man sich nicht mit einem Passwort an. Bitte benutzen Sie die gemeinsame Anmeldung.',
    en: 'Passwords are not used here. Please use single sign-on.',
  },
  'device-code-unknown': {
    status: 404,
    retryable: false,
    de: 'Diesen Code gibt es nicht. Bitte vergleichen Sie ihn mit dem im Terminal.',
    en: 'There is no such code. Please compare it with the one in the terminal.',
  },
  'device-code-expired': {
    status: 410,
    retryable: false,
    de: 'Dieser Code ist abgelaufen. Bitte beginnen Sie die Anmeldung im Terminal neu.',
    en: 'This code has expired. Please begin the sign-in in the terminal anew.',
  },
  'device-code-used': {
    status: 409,
    retryable: false,
    de: 'Über diesen Code ist schon entschieden. Bitte beginnen Sie die Anmeldung im Terminal neu.',
    en: 'This code has been decided on already. Please begin the sign-in in the terminal anew.',
  },
  'too-many-rows': {
    status: 413,
    retryable: false,
    de: 'Die Datei hat zu viele Zeilen.',
    en: 'The file has too many rows.',
  },
  'file-unreadable': {
    status: 422,
    retryable: false,
    de: 'Die Datei ist nicht lesbar: Sie braucht die Spalten email und rolle.',
    en: 'The file cannot be read: it needs the columns email and role.',
  },
  'cursor-too-old': {
    status: 410,
    retryable: false,
    de: 'Was seit diesem Stand geschah, wird nicht mehr aufbewahrt; die Daten müssen neu geladen werden.',
    en: 'What happened since this position is no longer kept; the data must be loaded anew.',
  },
  'cursor-unknown': {
    status: 410,
    retryable: false,
    de: 'Diesen Stand kennt der Dienst nicht; die Daten müssen neu geladen werden.',
    en: 'The service does not know this position; the data must be loaded anew.',
  },
  'cursor-of-another-query': {
    status: 400,
    retryable: false,
    de: 'Diese Stelle gehört zu einer anderen Abfrage; die Liste muss neu begonnen werden.',
    en: 'This position belongs to another query; the list must be begun anew.',
  },
  'export-cut-off': {
    status: 503,
    retryable: true,
    de: 'Der Export ist vor dem Ende abgebrochen und nicht vollständig.',
    en: 'The export broke off before its end and is not complete.',
  },
  'record-locked': {
    status: 423,
    retryable: true,
    de: 'Jemand anderes bearbeitet diesen Fall gerade.',
    en: 'Someone else is editing this case right now.',
  },
  'locks-unavailable': {
    status: 503,
    retryable: true,
    de: 'Sperren sind gerade nicht möglich. Sie können trotzdem speichern: Die erste Änderung gilt.',
    en: 'Locks are not available right now. You can still save: the first change wins.',
  },
  'version-conflict': {
    status: 412,
    retryable: false,
    de: 'Jemand hat diese Meldebestätigung vor Ihnen geändert; Ihre Änderung wurde nicht übernommen.',
    en: 'Someone changed this record before you; your change was not applied.',
  },
  'version-unknown': {
    status: 412,
    retryable: false,
    de: 'Diese Version der Meldebestätigung gibt es nicht.',
    en: 'This version of the record does not exist.',
  },
  'precondition-required': {
    status: 428,
    retryable: false,
    de: 'Die Anfrage muss mit If-Match die Version nennen, auf der sie beruht; „*“ nennt keine.',
    en: 'The request must name the version it is based on with If-Match; “*” names none.',
  },
  'operation-reused': {
    status: 422,
    retryable: false,
    de: 'Diese Vorgangskennung wurde schon für eine andere Änderung benutzt.',
    en: 'This operation id was already used for another change.',
  },
  'invalid-field': {
    status: 422,
    retryable: false,
    de: 'Ein Feld hat einen unzulässigen Wert.',
    en: 'A field has an invalid value.',
  },
  'assignee-unknown': {
    status: 422,
    retryable: false,
    de: 'Dieser Person kann hier nichts zugewiesen werden: Sie gehört nicht zum Arbeitsbereich oder darf gerade nicht bearbeiten.',
    en: 'Nothing can be assigned to this person here: they are not a member of the workspace, or may not edit right now.',
  },
  'case-not-complete': {
    status: 422,
    retryable: false,
    de: 'Nur ein vollständiger Fall kann erledigt werden (G und C, oder C ohne Sequenzierung mit bestandener Qualitätskontrolle).',
    en: 'Only a complete case can be marked done (G and C, or C without sequencing and quality control passed).',
  },
  'payload-too-large': {
    status: 413,
    retryable: false,
    de: 'Die Anfrage ist zu groß.',
    en: 'The request is too large.',
  },
  'file-too-large': {
    status: 413,
    retryable: false,
    de: 'Die Datei ist größer als erlaubt.',
    en: 'The file is larger than allowed.',
  },
  'no-file': {
    status: 400,
    retryable: false,
    de: 'Die Anfrage enthält keine Datei.',
    en: 'The request contains no file.',
  },
  'unsupported-media-type': {
    status: 415,
    retryable: false,
    de: 'Dieses Format wird hier nicht angenommen.',
    en: 'This format is not accepted here.',
  },
  'too-many-unsent': {
    status: 429,
    retryable: true,
    de: 'Es warten schon zu viele Änderungen darauf, gesendet zu werden. Diese wurde nicht übernommen.',
    en: 'Too many changes are waiting to be sent already. This one was not taken.',
  },
  'too-many-imports': {
    status: 429,
    retryable: true,
    de: 'Es warten schon zu viele Dateien auf ihren Import. Bitte versuchen Sie es später noch einmal.',
    en: 'Too many files are waiting to be imported already. Please try again later.',
  },
  'request-too-slow': {
    status: 408,
    retryable: true,
    de: 'Die Anfrage kam zu langsam an. Bitte versuchen Sie es noch einmal.',
    en: 'The request arrived too slowly. Please try again.',
  },
  'too-many-locks': {
    status: 429,
    retryable: true,
    de: 'Sie bearbeiten schon zu viele Fälle gleichzeitig. Bitte schließen Sie zuerst einen anderen.',
    en: 'You are editing too many cases at the same time. Please close another one first.',
  },
  'rate-limited': {
    status: 429,
    retryable: true,
    de: 'Zu viele Anfragen in kurzer Zeit.',
    en: 'Too many requests in a short time.',
  },
  internal: {
    status: 500,
    retryable: true,
    de: 'Im Server ist ein Fehler aufgetreten.',
    en: 'The server met an error.',
  },
  'trail-unavailable': {
    status: 503,
    retryable: true,
    de: 'Das Protokoll lässt sich gerade nicht schreiben. Deshalb wurde nichts geändert.',
    en: 'The audit trail cannot be written right now. So nothing was changed.',
  },
  unavailable: {
    status: 503,
    retryable: true,
    de: 'Der Dienst ist gerade nicht erreichbar.',
    en: 'The service is not available right now.',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export const errorCode = z.enum(Object.keys(ERROR_CATALOGUE) as [ErrorCode, ...ErrorCode[]]);

/** An error code as a client reads it: one that only a newer server knows counts as `internal`. */
export const receivedErrorCode = z.union([errorCode, z.string().transform((): ErrorCode => 'internal')]);

/** The sentence of an error in a language. */
export function describeError(code: ErrorCode, language: 'de' | 'en'): string {
  return ERROR_CATALOGUE[code][language];
}
