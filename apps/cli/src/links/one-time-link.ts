import type { CliContext } from '../context.ts';
import { CliError } from '../errors.ts';
import { askSecret, canAsk } from '../input/prompt.ts';
import { readLines } from '../input/read-lines.ts';
import { parseServerAddress } from '../session/server-address.ts';

/** What a link is for, by the page that it opens in a browser. */
export type LinkPage = 'set-up' | 'invitation' | 'new-password';

/** A link that works once. */
export interface OneTimeSecret {
  /** Origin of the server that made it; undefined where only the secret was given. */
  readonly server: string | undefined;
  readonly secret: string;
}

/** What is read beside the command line: a link and a password are nobody else's business, and arguments stand in the list of processes. */
export interface SecretOptions {
  /** For who insists. */
  readonly link?: string;
  readonly passwordStdin?: boolean;
}

/** Reads an address with its secret behind `#`, or the secret alone. Throws `linkUnreadable`. */
export function parseLink(written: string, page: LinkPage): OneTimeSecret {
  const text = written.trim();
  if (/^[\w-]{20,100}$/.test(text)) return { server: undefined, secret: text };
  if (!URL.canParse(text)) throw new CliError('linkUnreadable');
  const url = new URL(text);
  const secret = url.hash.slice(1);
  if (!url.pathname.endsWith(`/${page}`) || !/^[\w-]{20,100}$/.test(secret)) throw new CliError('linkUnreadable');
  return { server: parseServerAddress(url.origin), secret };
}

/** Where link and password come from: the terminal asks for them, a script writes them on standard input, the link first. */
export interface Secrets {
  readonly link: OneTimeSecret;
  /** A new password; on a terminal typed twice. Throws `passwordsDiffer`, `noPassword`. */
  readonly newPassword: () => Promise<string>;
}

/** Throws `noLink` or `linkUnreadable`. */
export async function readSecrets(context: CliContext, options: SecretOptions, page: LinkPage): Promise<Secrets> {
  const { terminal, t } = context;
  const isPerson = canAsk(terminal) && !options.passwordStdin;
  const needsInput = !isPerson && (options.link === undefined || options.passwordStdin === true);
  const lines = needsInput ? await readLines(terminal) : [];
  const written = options.link ?? (isPerson ? await askSecret(terminal, t(`links.ask.${page}`)) : lines.shift());
  if (!written) throw new CliError('noLink');
  return {
    link: parseLink(written, page),
    newPassword: async () => {
      const given = options.passwordStdin ? lines.shift() : terminal.env['MELDESYNC_PASSWORD'];
      if (given) return given;
      if (!isPerson) throw new CliError('noPassword');
      return askNewPassword(context);
    },
  };
}

/** Asks for a new password twice. Throws `passwordsDiffer`, `noPassword`. */
export async function askNewPassword({ terminal, t }: CliContext): Promise<string> {
  const password = await askSecret(terminal, t('links.newPassword'));
  if (password === '') throw new CliError('noPassword');
  if ((await askSecret(terminal, t('links.repeatPassword'))) !== password) throw new CliError('passwordsDiffer');
  return password;
}
