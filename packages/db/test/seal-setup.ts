import { generateKeyPairSync } from 'node:crypto';
import {
  type CheckpointKeys,
  checkpointLine,
  createCheckpointSigner,
  parseCheckpointLine,
  readCheckpointKeys,
  type Verdict,
  verifyTrail,
} from '@meldesync/audit';
import { createTestDatabase, eventually, sampleMeldebestaetigung, type TestDatabase } from '@meldesync/testkit';
import { connectDatabase, type Database, keepCheckpoint, lastSeal, readTrail, sealEntries } from '../src/index.ts';

const pair = generateKeyPairSync('ed25519');
const PRIVATE_PEM = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const KEYS: CheckpointKeys = readCheckpointKeys(PRIVATE_PEM);

/** A database whose trail is sealed, with the lines of its checkpoints as they are outside. */
export interface SealSetup extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly connection: Database;
  readonly lines: string[];
  /** Somebody edits, signs in, and deletes; `count` things. */
  act(count: number): Promise<void>;
  /** Seals once, `most` entries at the most, and signs what came of it. */
  seal(most?: number): Promise<void>;
  /** Seals until nothing is left. */
  sealAll(): Promise<void>;
}

/** Opens a database as its owner; what breaks its connections at its end is nobody's business. */
export function openAsOwner(url: string): Database {
  return connectDatabase({ url, maxConnections: 3, applicationName: 'test', onConnectionError: () => undefined });
}

export async function verifyDatabase(connection: Database, lines?: readonly string[]): Promise<Verdict> {
  return readTrail(connection, (trail) =>
    verifyTrail({ trail, keys: KEYS, ...(lines ? { outside: parsed(lines) } : {}) }),
  );
}

async function* parsed(lines: readonly string[]) {
  for (const line of lines) yield parseCheckpointLine(line);
}

export async function createSealSetup(server?: string): Promise<SealSetup> {
  const database = await createTestDatabase(server);
  const connection = openAsOwner(database.ownerUrl);
  const signer = createCheckpointSigner(PRIVATE_PEM);
  const lines: string[] = [];
  const [workspace] = await database.sql(`insert into workspaces (name) values ('Testklinik') returning id`);
  let made = 0;
  const act = async (count: number) => {
    for (let done = 0; done < count; done++) {
      made += 1;
      const { vorgangsnummer, ibe } = sampleMeldebestaetigung(made);
      if (made % 3 === 0)
        await database.sql(
          `insert into events (kind, actor, session_id, address, workspace_id, subject, before, after)
           values ('session-opened', 'user:anna', 's1', '192.0.2.7', $1, 'user:anna', null, $2)`,
          [workspace?.['id'], JSON.stringify({ method: 'password', n: made, 'ä"\\': [1.5, null, '\n'] })],
        );
      else if (made % 3 === 1 || made < 4)
        await database.sql('insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3)', [
          workspace?.['id'],
          vorgangsnummer,
          ibe,
        ]);
      else
        await database.sql(
          'update records set done = not done, note = $1 where id = (select id from records order by id offset $2 limit 1)',
          [`Notiz ${made}`, made % 4],
        );
    }
  };
  const seal = async (most = 1_000) => {
    const round = await sealEntries(connection.drizzle, most);
    const last = round && round.sealed > 0 ? await lastSeal(connection.drizzle) : null;
    if (last === null) return;
    const checkpoint = signer.sign(last);
    lines.push(checkpointLine(checkpoint));
    await keepCheckpoint(connection.drizzle, checkpoint);
  };
  return {
    database,
    connection,
    lines,
    act,
    seal,
    sealAll: () =>
      eventually(async () => {
        await seal();
        const { unsealed } = await verifyDatabase(connection);
        if (unsealed > 0) throw new Error(`${unsealed} entries are not sealed`);
      }),
    [Symbol.asyncDispose]: async () => {
      await connection[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}
