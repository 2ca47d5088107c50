import { join } from 'node:path';
import { z } from 'zod';
import { CliError } from '../errors.ts';
import type { Terminal } from '../terminal.ts';
import type { Keyring } from './keyring.ts';
import { configFolder, readJsonFile, writePrivateJson } from './private-file.ts';
import { readSettings, type Settings, writeSettings } from './settings.ts';

/** Where a token lies: in the system's keyring, or in a file that its owner alone can read. */
export type Place = 'keyring' | 'file';

interface KeptToken {
  readonly token: string;
  readonly place: Place;
}

/** The servers at which somebody is signed in from this machine, and as whom. */
export interface SignIns {
  /** Origin that commands go to unless they say otherwise: the one that was signed in to or chosen last. */
  readonly server: string | undefined;
  /** Origins that are known here, with or without a token. */
  readonly servers: readonly string[];
  /** Has commands go there. Throws `configUnwritable`. */
  choose(server: string): Promise<void>;
  /** Id of the workspace chosen at a server. */
  workspaceOf(server: string): string | undefined;
  /** Where its token is kept, without reading it. */
  placeOf(server: string): Place | undefined;
  /** The token for a server. Throws `credentialsExposed`, `keyringUnreadable`, `configUnreadable`. */
  tokenOf(server: string): Promise<KeptToken | undefined>;
  /** Keeps a token in place of the one before, and makes its server the one to go to. Says where it is. Throws `configUnwritable`. */
  keep(server: string, token: string, workspace: string | undefined): Promise<Place>;
  chooseWorkspace(server: string, workspace: string): Promise<void>;
  /**
   * Removes what is kept for a server, and tells the token, so that its session can be ended; undefined where none was readable.
   * A keyring that does not answer keeps it: `isLeftInKeyring` says so, and the next call tries again. Throws `credentialsExposed`,
   * `configUnreadable`, `configUnwritable`.
   */
  forget(server: string): Promise<string | undefined>;
  /** A token that is not in use here any more may still lie in the keyring, which did not answer when it was to be removed. */
  isLeftInKeyring(server: string): boolean;
}

type KnownServer = Settings['servers'][string];

const LEFT_IN_KEYRING = { isLeftInKeyring: true } as const;

const credentials = z.record(z.string(), z.string());

/** Tokens by the origin of their server. */
export function credentialsPath(env: NodeJS.ProcessEnv): string {
  return join(configFolder(env), 'credentials.json');
}

/** Opens what is kept here. What a release before kept in another form is moved. Throws `configUnreadable`. */
export async function openSignIns({ env, openKeyring }: Pick<Terminal, 'env' | 'openKeyring'>): Promise<SignIns> {
  const { settings, former } = await readSettings(env);
  const keyring = async () => (env['MELDESYNC_KEYRING'] === 'off' ? undefined : await openKeyring?.());
  const signIns = new StoredSignIns(env, settings, keyring);
  if (former) await signIns.move(former.server, former.token);
  return signIns;
}

class StoredSignIns implements SignIns {
  readonly #env: NodeJS.ProcessEnv;
  readonly #openKeyring: () => Promise<Keyring | undefined>;
  #settings: Settings;

  constructor(env: NodeJS.ProcessEnv, settings: Settings, openKeyring: () => Promise<Keyring | undefined>) {
    this.#env = env;
    this.#settings = settings;
    this.#openKeyring = openKeyring;
  }

  get server(): string | undefined {
    return this.#settings.server;
  }

  get servers(): readonly string[] {
    return Object.keys(this.#settings.servers);
  }

  async choose(server: string): Promise<void> {
    await this.#write({ ...this.#settings, server }, server, this.#settings.servers[server] ?? {});
  }

  workspaceOf(server: string): string | undefined {
    return this.#settings.servers[server]?.workspace;
  }

  placeOf(server: string): Place | undefined {
    return this.#settings.servers[server]?.token;
  }

  isLeftInKeyring(server: string): boolean {
    return this.#settings.servers[server]?.isLeftInKeyring === true;
  }

  async tokenOf(server: string): Promise<KeptToken | undefined> {
    const place = this.placeOf(server);
    if (place === undefined) return undefined;
    const token = place === 'file' ? (await this.#readFile())[server] : await this.#readKeyring(server);
    return token === undefined ? undefined : { token, place };
  }

  async keep(server: string, token: string, workspace: string | undefined): Promise<Place> {
    const stored = await this.#store(server, token);
    await this.#write({ ...this.#settings, server }, server, {
      ...stored,
      ...(workspace === undefined ? {} : { workspace }),
    });
    return stored.token;
  }

  /** Takes over what a release before kept. */
  async move(server: string, token: string): Promise<void> {
    const { workspace } = this.#settings.servers[server] ?? {};
    const stored = await this.#store(server, token);
    await this.#write(this.#settings, server, { ...stored, ...(workspace === undefined ? {} : { workspace }) });
  }

  async chooseWorkspace(server: string, workspace: string): Promise<void> {
    await this.#write({ server, ...this.#settings }, server, { ...this.#settings.servers[server], workspace });
  }

  async forget(server: string): Promise<string | undefined> {
    const { token: place, isLeftInKeyring, ...rest } = this.#settings.servers[server] ?? {};
    const ofFile = place === 'file' ? await this.#takeFromFile(server) : undefined;
    const isInKeyring = place === 'keyring' || isLeftInKeyring === true;
    const { token: ofKeyring, isGone } = isInKeyring
      ? await this.#takeFromKeyring(server)
      : { token: undefined, isGone: true };
    await this.#write(this.#settings, server, { ...rest, ...(isGone ? {} : LEFT_IN_KEYRING) });
    return ofFile ?? ofKeyring;
  }

  /** In the keyring where there is one that works, else in the file; the other place keeps none, as far as it can be reached. */
  async #store(
    server: string,
    token: string,
  ): Promise<Pick<KnownServer, 'token' | 'isLeftInKeyring'> & { token: Place }> {
    const keyring = await this.#openKeyring();
    const isInKeyring = await keyring?.set(server, token).then(
      () => true,
      () => false,
    );
    if (isInKeyring) {
      await this.#takeFromFile(server);
      return { token: 'keyring' };
    }
    await writePrivateJson(credentialsPath(this.#env), { ...(await this.#readFile()), [server]: token });
    const isLeft = this.placeOf(server) === 'keyring' || this.isLeftInKeyring(server);
    return { token: 'file', ...(isLeft ? LEFT_IN_KEYRING : {}) };
  }

  async #takeFromFile(server: string): Promise<string | undefined> {
    const { [server]: token, ...others } = await this.#readFile();
    if (token !== undefined) await writePrivateJson(credentialsPath(this.#env), others);
    return token;
  }

  /** What can be read is told even where it cannot be removed. */
  async #takeFromKeyring(server: string): Promise<{ token: string | undefined; isGone: boolean }> {
    const keyring = await this.#openKeyring();
    let token: string | undefined;
    try {
      token = (await keyring?.get(server)) ?? undefined;
      if (token !== undefined) await keyring?.remove(server);
      return { token, isGone: keyring !== undefined };
    } catch {
      // It is locked, or its person refused: said by `isLeftInKeyring`.
      return { token, isGone: false };
    }
  }

  async #readKeyring(server: string): Promise<string | undefined> {
    const keyring = await this.#openKeyring();
    if (keyring === undefined) throw new CliError('keyringUnreadable', { server });
    try {
      return (await keyring.get(server)) ?? undefined;
    } catch (error) {
      throw new CliError('keyringUnreadable', { server }, { cause: error });
    }
  }

  async #readFile(): Promise<Record<string, string>> {
    const path = credentialsPath(this.#env);
    const file = await readJsonFile(path);
    if (file === undefined) return {};
    if (file.isExposed) throw new CliError('credentialsExposed', { path });
    const parsed = credentials.safeParse(file.content);
    if (!parsed.success) throw new CliError('configUnreadable', { path });
    return parsed.data;
  }

  async #write(settings: Settings, server: string, known: KnownServer): Promise<void> {
    this.#settings = { ...settings, servers: { ...settings.servers, [server]: known } };
    await writeSettings(this.#env, this.#settings);
  }
}
