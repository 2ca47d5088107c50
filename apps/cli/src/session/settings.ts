import { join } from 'node:path';
import { z } from 'zod';
import { CliError } from '../errors.ts';
import { configFolder, readJsonFile, writePrivateJson } from './private-file.ts';

const knownServer = z.object({
  /** Where its token is kept; absent after a logout. */
  token: z.enum(['keyring', 'file']).optional(),
  /** Id of the workspace chosen there. */
  workspace: z.string().optional(),
  /** The keyring may hold a token from before: it did not answer when that was to be removed. */
  isLeftInKeyring: z.literal(true).optional(),
});

const settings = z.object({
  /** Origin that was signed in to or chosen last. */
  server: z.string().optional(),
  /** What is known of each server, by its origin. */
  servers: z.record(z.string(), knownServer).default({}),
});

/** What is remembered between two calls; no secrets. */
export type Settings = z.infer<typeof settings>;

/** Up to 0.3.0 there was one server, whose token stood in the same file. */
const formerSettings = z.object({
  server: z.string().optional(),
  token: z.string().optional(),
  workspace: z.string().optional(),
});

/** What is remembered, and the token that a release before left beside it. */
export interface ReadSettings {
  readonly settings: Settings;
  readonly former?: { readonly server: string; readonly token: string };
}

export function settingsPath(env: NodeJS.ProcessEnv): string {
  return join(configFolder(env), 'config.json');
}

/** Reads what is remembered; empty when nothing was stored yet. Throws `configUnreadable`, `credentialsExposed`. */
export async function readSettings(env: NodeJS.ProcessEnv): Promise<ReadSettings> {
  const path = settingsPath(env);
  const file = await readJsonFile(path);
  if (file === undefined) return { settings: { servers: {} } };
  const known = settings.safeParse(file.content);
  const former = formerSettings.safeParse(file.content);
  if (!known.success || !former.success) throw new CliError('configUnreadable', { path });
  const { server, token, workspace } = former.data;
  if (server === undefined) return { settings: known.data };
  const servers = workspace === undefined ? {} : { [server]: { workspace } };
  const merged = { ...known.data, servers: { ...servers, ...known.data.servers } };
  if (token === undefined) return { settings: merged };
  if (file.isExposed) throw new CliError('credentialsExposed', { path });
  return { settings: merged, former: { server, token } };
}

/** Replaces what is remembered. Throws `configUnwritable`. */
export async function writeSettings(env: NodeJS.ProcessEnv, next: Settings): Promise<void> {
  await writePrivateJson(settingsPath(env), next);
}
