import { CliError } from '../errors.ts';
import { parseServerAddress } from './server-address.ts';
import type { Settings } from './settings.ts';

/** Where to go and as whom. */
export interface Access {
  /** Origin of the server. */
  readonly server: string;
  readonly token: string;
  /** Name or id of the wanted workspace; undefined when nobody chose one. */
  readonly workspace: string | undefined;
}

/** The server of a call: `--server`, MELDESYNC_SERVER, the stored one. */
export function chooseServer(
  option: string | undefined,
  env: NodeJS.ProcessEnv,
  settings: Settings,
): string | undefined {
  const written = option || env['MELDESYNC_SERVER'] || settings.server;
  return written === undefined ? undefined : parseServerAddress(written);
}

/**
 * Puts options, environment and stored sign-in together. A stored token or workspace belongs to the server it was
 * stored for and is never shown to another one. Throws `noServer` or `notSignedIn`.
 */
export function resolveAccess(
  options: { readonly server?: string; readonly workspace?: string },
  env: NodeJS.ProcessEnv,
  settings: Settings,
): Access {
  const server = chooseServer(options.server, env, settings);
  if (server === undefined) throw new CliError('noServer');
  const isStored = server === settings.server;
  const token = env['MELDESYNC_TOKEN'] || (isStored ? settings.token : undefined);
  if (token === undefined) throw new CliError('notSignedIn', { server });
  const stored = isStored ? settings.workspace : undefined;
  return { server, token, workspace: options.workspace || env['MELDESYNC_WORKSPACE'] || stored };
}
