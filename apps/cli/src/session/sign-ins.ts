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
  /** Origin that was signed in to last. */
  readonly server: string | undefined;
  /** Id of the workspace chosen at a server. */
  workspaceOf(server: string): string | undefined;
  /** Where its token is kept, without reading it. */
  placeOf(server: string): Place | undefined;
  /** The token for a server. Throws `credentialsExposed`, `keyringUnreadable`, `configUnreadable`. */
  tokenOf(server: string): Promise<KeptToken | undefined>;
  /** Keeps a token in place of the one before, and makes its server the one to go to. Says where it is. Throws `configUnwritable`. */
  keep(server: string, token: string, workspace: string | undefined): Promise<Place>;
  chooseWorkspace(server: string, workspace: string): Promise<void>;
  /** Removes the token for a server; a keyring that cannot be reached keeps one that is of no use once its session has ended. */
  forget(server: string): Promise<void>;
}

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

  workspaceOf(server: string): string | undefined {
    return this.#settings.servers[server]?.workspace;
  }

  placeOf(server: string): Place | undefined {
    return this.#settings.servers[server]?.token;
  }

  async tokenOf(server: string): Promise<KeptToken | undefined> {
    const place = this.placeOf(server);
    if (place === undefined) return undefined;
    const token = place === 'file' ? (await this.#readFile())[server] : await this.#readKeyring(server);
    return token === undefined ? undefined : { token, place };
  }

  async keep(server: string, token: string, workspace: string | undefined): Promise<Place> {
    const place = await this.#store(server, token);
    await this.#write({ ...this.#settings, server }, server, {
      token: place,
      ...(workspace === undefined ? {} : { workspace }),
    });
    return place;
  }

  /** Takes over what a release before kept. */
  async move(server: string, token: string): Promise<void> {
    const place = await this.#store(server, token);
    await this.#write(this.#settings, server, { ...this.#settings.servers[server], token: place });
  }

  async chooseWorkspace(server: string, workspace: string): Promise<void> {
    await this.#write({ server, ...this.#settings }, server, { ...this.#settings.servers[server], workspace });
  }

  async forget(server: string): Promise<void> {
    const { token: place, ...rest } = this.#settings.servers[server] ?? {};
    if (place === 'file') {
      const { [server]: _, ...others } = await this.#readFile();
      await writePrivateJson(credentialsPath(this.#env), others);
    } else if (place === 'keyring') {
      const keyring = await this.#openKeyring();
      await keyring?.remove(server).catch(() => undefined);
    }
    await this.#write(this.#settings, server, rest);
  }

  /** The keyring where there is one that works, else the file; the other place keeps none. */
  async #store(server: string, token: string): Promise<Place> {
    const keyring = await this.#openKeyring();
    const isInKeyring = await keyring?.set(server, token).then(
      () => true,
      () => false,
    );
    const others = await this.#readFile();
    if (isInKeyring) {
      if (!(server in others)) return 'keyring';
      const { [server]: _, ...rest } = others;
      await writePrivateJson(credentialsPath(this.#env), rest);
      return 'keyring';
    }
    await writePrivateJson(credentialsPath(this.#env), { ...others, [server]: token });
    return 'file';
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

  async #write(settings: Settings, server: string, known: Settings['servers'][string]): Promise<void> {
    this.#settings = { ...settings, servers: { ...settings.servers, [server]: known } };
    await writeSettings(this.#env, this.#settings);
  }
}
