import type { Language } from '@meldesync/domain';
import type { AdministrationEventKind } from './administration-event-kinds.ts';

interface EventWords {
  readonly kinds: Readonly<Record<AdministrationEventKind, string>>;
  readonly actors: Readonly<Record<'setup' | 'system' | 'unknown', string>>;
  /** What an act changed, by its name in `before` and `after`. */
  readonly fields: Readonly<Record<string, string>>;
  /** Values that are no words, by field. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const de = {
  kinds: {
    'account-created': 'Konto angelegt',
    'account-changed': 'Konto geändert',
    'account-disabled': 'Konto gesperrt',
    'account-enabled': 'Konto entsperrt',
    'account-deleted': 'Konto gelöscht',
    'password-link-made': 'Link für neues Passwort erstellt',
    'password-reset': 'Passwort über Link gesetzt',
    'sessions-ended': 'Überall abgemeldet',
    'second-factors-removed': 'Zweite Bestätigung entfernt',
    'member-added': 'In Arbeitsbereich aufgenommen',
    'member-changed': 'Mitglied geändert',
    'member-suspended': 'Mitglied ausgesetzt',
    'member-restored': 'Mitglied wieder zugelassen',
    'member-removed': 'Mitglied entfernt',
    'member-invited': 'Eingeladen',
    'invitation-renewed': 'Einladung erneuert',
    'invitation-revoked': 'Einladung zurückgezogen',
    'invitation-accepted': 'Einladung angenommen',
    'service-account-created': 'Dienstkonto angelegt',
    'token-created': 'Token erstellt',
    'token-ended': 'Token beendet',
    'workspace-created': 'Arbeitsbereich angelegt',
    'workspace-renamed': 'Arbeitsbereich umbenannt',
    'workspace-archived': 'Arbeitsbereich archiviert',
    'workspace-reopened': 'Arbeitsbereich wieder geöffnet',
    'set-up-link-made': 'Link zur Einrichtung erstellt',
    'session-started': 'Sitzung begonnen',
    'session-ended': 'Sitzung beendet',
    reauthenticated: 'Identität bestätigt',
    'reauthentication-failed': 'Identität nicht bestätigt',
    'sign-in': 'Angemeldet',
    'sign-in-failed': 'Anmeldung fehlgeschlagen',
    'sign-in-slowed': 'Anmeldung gebremst: zu viele falsche Versuche',
    'password-changed': 'Passwort geändert',
    'second-factor-set-up': 'Einmalcodes eingerichtet',
    'second-factor-removed': 'Einmalcodes ausgeschaltet',
    'recovery-codes-renewed': 'Neue Wiederherstellungscodes erstellt',
    'passkey-added': 'Passkey hinzugefügt',
    'passkey-renamed': 'Passkey umbenannt',
    'passkey-removed': 'Passkey entfernt',
    'account-linked': 'Mit Single Sign-on verknüpft',
    'account-unlinked': 'Von Single Sign-on gelöst',
    'account-merged': 'Konto zusammengeführt',
  },
  actors: { setup: 'Einrichtung', system: 'MeldeSync', unknown: 'unbekannt' },
  fields: {
    name: 'Name',
    email: 'E-Mail',
    role: 'Rolle',
    expiresAt: 'Bis',
    suspendedAt: 'Ausgesetzt',
    isSuspended: 'Ausgesetzt',
    disabledAt: 'Gesperrt',
    isDisabled: 'Gesperrt',
    isInstallationAdmin: 'Verwaltet Installation',
    archivedAt: 'Archiviert',
    isArchived: 'Archiviert',
    maxRole: 'Darf höchstens',
    label: 'Bezeichnung',
    memberExpiresAt: 'Mitglied bis',
    ended: 'Beendete Sitzungen',
    endedSessions: 'Beendete Sitzungen',
    hasSecondFactor: 'Einmalcode',
    passkeys: 'Passkeys',
    method: 'Mit',
    secondFactor: 'Danach mit',
    kind: 'Sitzung',
    isShared: 'Gemeinsam genutzter Arbeitsplatz',
    because: 'Grund',
    provider: 'Anmeldung über',
    providers: 'Anmeldung über',
    source: 'Herkunft',
    isDemo: 'Vorführung',
  },
  values: {
    method: { password: 'Passwort', passkey: 'Passkey', oidc: 'Single Sign-on', device: 'Code eines Terminals' },
    secondFactor: { code: 'Einmalcode', 'recovery-code': 'Wiederherstellungscode' },
    kind: { browser: 'Browser', terminal: 'Terminal', service: 'Dienstkonto' },
    because: {
      time: 'Zeit abgelaufen',
      'second-factor': 'zweite Bestätigung steht aus',
      provider: 'im Single Sign-on beendet',
    },
    provider: { oidc: 'Single Sign-on' },
    providers: { oidc: 'Single Sign-on', credential: 'Passwort' },
    source: { groups: 'Gruppen des Single Sign-on', manual: 'Verwaltung' },
  },
} satisfies EventWords;

type SameWords<Words> = { readonly [Key in keyof Words]: Words[Key] extends string ? string : SameWords<Words[Key]> };

const en: SameWords<typeof de> = {
  kinds: {
    'account-created': 'Account created',
    'account-changed': 'Account changed',
    'account-disabled': 'Account disabled',
    'account-enabled': 'Account enabled',
    'account-deleted': 'Account deleted',
    'password-link-made': 'Link for a new password made',
    'password-reset': 'Password set by link',
    'sessions-ended': 'Signed out everywhere',
    'second-factors-removed': 'Second factor removed',
    'member-added': 'Added to workspace',
    'member-changed': 'Member changed',
    'member-suspended': 'Member suspended',
    'member-restored': 'Member let in again',
    'member-removed': 'Member removed',
    'member-invited': 'Invited',
    'invitation-renewed': 'Invitation renewed',
    'invitation-revoked': 'Invitation withdrawn',
    'invitation-accepted': 'Invitation accepted',
    'service-account-created': 'Service account created',
    'token-created': 'Token created',
    'token-ended': 'Token ended',
    'workspace-created': 'Workspace created',
    'workspace-renamed': 'Workspace renamed',
    'workspace-archived': 'Workspace archived',
    'workspace-reopened': 'Workspace opened again',
    'set-up-link-made': 'Set-up link made',
    'session-started': 'Session began',
    'session-ended': 'Session ended',
    reauthenticated: 'Identity confirmed',
    'reauthentication-failed': 'Identity not confirmed',
    'sign-in': 'Signed in',
    'sign-in-failed': 'Sign-in failed',
    'sign-in-slowed': 'Sign-in slowed: too many wrong attempts',
    'password-changed': 'Password changed',
    'second-factor-set-up': 'One-time codes set up',
    'second-factor-removed': 'One-time codes switched off',
    'recovery-codes-renewed': 'New recovery codes made',
    'passkey-added': 'Passkey added',
    'passkey-renamed': 'Passkey renamed',
    'passkey-removed': 'Passkey removed',
    'account-linked': 'Linked with single sign-on',
    'account-unlinked': 'Unlinked from single sign-on',
    'account-merged': 'Account merged',
  },
  actors: { setup: 'Set-up', system: 'MeldeSync', unknown: 'unknown' },
  fields: {
    name: 'Name',
    email: 'E-mail',
    role: 'Role',
    expiresAt: 'Until',
    suspendedAt: 'Suspended',
    isSuspended: 'Suspended',
    disabledAt: 'Disabled',
    isDisabled: 'Disabled',
    isInstallationAdmin: 'Administers installation',
    archivedAt: 'Archived',
    isArchived: 'Archived',
    maxRole: 'May at most',
    label: 'Label',
    memberExpiresAt: 'Member until',
    ended: 'Ended sessions',
    endedSessions: 'Ended sessions',
    hasSecondFactor: 'One-time code',
    passkeys: 'Passkeys',
    method: 'By',
    secondFactor: 'Then by',
    kind: 'Session',
    isShared: 'Shared workstation',
    because: 'Reason',
    provider: 'Sign-in by',
    providers: 'Sign-in by',
    source: 'Origin',
    isDemo: 'Demo',
  },
  values: {
    method: { password: 'password', passkey: 'passkey', oidc: 'single sign-on', device: 'code of a terminal' },
    secondFactor: { code: 'one-time code', 'recovery-code': 'recovery code' },
    kind: { browser: 'browser', terminal: 'terminal', service: 'service account' },
    because: { time: 'time is over', 'second-factor': 'second factor is awaited', provider: 'ended in single sign-on' },
    provider: { oidc: 'single sign-on' },
    providers: { oidc: 'single sign-on', credential: 'password' },
    source: { groups: 'groups of single sign-on', manual: 'administration' },
  },
};

const WORDS: Readonly<Record<Language, EventWords>> = { de, en };

/** The name of a kind of event; one that only a newer service knows is said as it says it. */
export function eventKindName(kind: string, language: Language): string {
  return own(WORDS[language].kinds, kind) ?? kind;
}

/** The name of a field of an event. */
export function eventFieldName(field: string, language: Language): string {
  return own(WORDS[language].fields, field) ?? field;
}

/** A value of a field in words; undefined where it has none. */
export function eventValueName(field: string, value: string, language: Language): string | undefined {
  const words = own(WORDS[language].values, field);
  return words && own(words, value);
}

/** Who did it, by name where that is known. */
export function eventActorName(
  { actor, actorName }: { readonly actor: string; readonly actorName: string | null },
  language: Language,
): string {
  const { actors } = WORDS[language];
  return actor === 'setup' || actor === 'system' ? actors[actor] : (actorName ?? actors.unknown);
}

/** Names from outside must not find what every object has. */
function own<Value>(words: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
