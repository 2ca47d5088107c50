import { readFile } from 'node:fs/promises';
import { CliError } from '../errors.ts';
import { systemCode } from '../system-code.ts';
import { parseServerAddress } from './server-address.ts';
import type { Place, SignIns } from './sign-ins.ts';

/** Where the token of a call came from. */
export type TokenSource = Place | 'environment' | 'token-file';

/** Where to go and as whom. */
export interface Access {
  /** Origin of the server. */
  readonly server: string;
  readonly token: string;
  readonly source: TokenSource;
  /** Name or id of the wanted workspace; undefined when nobody chose one. */
  readonly workspace: string | undefined;
}

/** The options of every command that say so. */
export interface AccessOptions {
  readonly server?: string;
  readonly workspace?: string;
  readonly tokenFile?: string;
}

/** The server of a call: `--server`, MELDESYNC_SERVER, the stored one. */
export function chooseServer(
  option: string | undefined,
  env: NodeJS.ProcessEnv,
  stored: { readonly server?: string | undefined },
): string | undefined {
  const written = option || env['MELDESYNC_SERVER'] || stored.server;
  return written === undefined ? undefined : parseServerAddress(written);
}

/**
 * Puts options, environment and stored sign-in together. A stored token or workspace belongs to the server it was
 * stored for and is never shown to another one. Throws `noServer`, `notSignedIn` or `tokenFileUnreadable`.
 */
export async function resolveAccess(
  options: AccessOptions,
  env: NodeJS.ProcessEnv,
  signIns: Pick<SignIns, 'server' | 'workspaceOf' | 'tokenOf'>,
): Promise<Access> {
  const server = chooseServer(options.server, env, signIns);
  if (server === undefined) throw new CliError('noServer');
  const found = await findToken(options, env, server, signIns);
  if (found === undefined) throw new CliError('notSignedIn', { server });
  const workspace = options.workspace || env['MELDESYNC_WORKSPACE'] || signIns.workspaceOf(server);
  return { server, ...found, workspace };
}

/** A token is never an argument: everybody on the machine could read it in the list of processes. */
async function findToken(
  options: AccessOptions,
  env: NodeJS.ProcessEnv,
  server: string,
  signIns: Pick<SignIns, 'tokenOf'>,
): Promise<{ token: string; source: TokenSource } | undefined> {
  if (options.tokenFile) return { token: await readTokenFile(options.tokenFile), source: 'token-file' };
  if (env['MELDESYNC_TOKEN']) return { token: env['MELDESYNC_TOKEN'], source: 'environment' };
  if (env['MELDESYNC_TOKEN_FILE'])
    return { token: await readTokenFile(env['MELDESYNC_TOKEN_FILE']), source: 'token-file' };
  const kept = await signIns.tokenOf(server);
  return kept && { token: kept.token, source: kept.place };
}

/** The first line of a file, as secrets are mounted into containers. */
async function readTokenFile(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new CliError('tokenFileUnreadable', { path, reason: systemCode(error) ?? 'I/O' }, { cause: error });
  }
  const token = text.split(/\r?\n/, 1)[0]?.trim() ?? '';
  if (!/^\S+$/.test(token)) throw new CliError('tokenFileUnreadable', { path, reason: '–' });
  return token;
}
