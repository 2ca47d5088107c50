import type { MadeLink } from '@meldesync/db';
import type { OneTimeLink } from '@meldesync/protocol';

type Language = 'de' | 'en';

/** Where a secret is shown to the web app: behind `#`, which no server, proxy or log sees. */
const PAGES = { setup: '/set-up', invitation: '/invitation', password: '/new-password' } as const;

/** The address of a link that works once. */
export function linkUrl(baseUrl: string, page: keyof typeof PAGES, secret: string): string {
  return `${baseUrl.replace(/\/$/, '')}${PAGES[page]}#${secret}`;
}

interface LinkText {
  readonly baseUrl: string;
  readonly language: Language;
  /** Whom the mail greets; null where nobody knows. */
  readonly name: string | null;
}

/** The link of an invitation, with a text for a mail. */
export function invitationLink(link: MadeLink, text: LinkText & { readonly workspace: string }): OneTimeLink {
  const url = linkUrl(text.baseUrl, 'invitation', link.secret);
  const { workspace, language } = text;
  const until = day(link.expiresAt, language);
  const lines =
    language === 'de'
      ? [
          `Sie sind in MeldeSync zum Arbeitsbereich „${workspace}“ eingeladen.`,
          `Mit diesem Link nehmen Sie die Einladung an:`,
          url,
          `Er gilt einmal und bis zum ${until}. Bitte geben Sie ihn nicht weiter.`,
        ]
      : [
          `You are invited to the workspace “${workspace}” in MeldeSync.`,
          `Accept the invitation with this link:`,
          url,
          `It works once, until ${until}. Please do not pass it on.`,
        ];
  return { url, expiresAt: link.expiresAt.toISOString(), mailText: mail(text, lines) };
}

/** The link by which somebody chooses a password, with a text for a mail. */
export function passwordLink(link: MadeLink, text: LinkText): OneTimeLink {
  const url = linkUrl(text.baseUrl, 'password', link.secret);
  const until = moment(link.expiresAt, text.language);
  const lines =
    text.language === 'de'
      ? [
          'Mit diesem Link wählen Sie Ihr Passwort für MeldeSync:',
          url,
          `Er gilt einmal und bis zum ${until}. Bitte geben Sie ihn nicht weiter.`,
        ]
      : [
          'Choose your password for MeldeSync with this link:',
          url,
          `It works once, until ${until}. Please do not pass it on.`,
        ];
  return { url, expiresAt: link.expiresAt.toISOString(), mailText: mail(text, lines) };
}

function mail({ name, language }: LinkText, lines: readonly string[]): string {
  const hello = language === 'de' ? 'Guten Tag' : 'Hello';
  return [`${hello}${name === null ? '' : ` ${name}`},`, ...lines].join('\n\n');
}

const LOCALES = { de: 'de-DE', en: 'en-GB' } as const;
/** Where the hospitals are that this is for. */
const TIME_ZONE = 'Europe/Berlin';

function day(date: Date, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'long', timeZone: TIME_ZONE }).format(date);
}

function moment(date: Date, language: Language): string {
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: TIME_ZONE } as const;
  return new Intl.DateTimeFormat(LOCALES[language], format).format(date);
}
