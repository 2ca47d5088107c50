import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import {
  BrokenExport,
  type Checkpoint,
  type CheckpointKeys,
  type ExportVerdict,
  parseCheckpointLine,
  readCheckpointKeys,
  textLines,
  type Verdict,
  verifyExport,
  verifyTrail,
  WrongKey,
} from '@meldesync/audit';
import { connectDatabase, type Database, findLeaf, findSeal, isOutage, readTrail, sqlState } from '@meldesync/db';
import { CliError } from '../errors.ts';
import { systemCode } from '../system-code.ts';

/** What is held to what. */
export interface VerifyInput {
  readonly databaseUrl: string | undefined;
  readonly checkpoints: string | undefined;
  readonly key: string | undefined;
  readonly export: string | undefined;
  /** The file of checkpoints is a copy that may be so old. */
  readonly copyAgeMs: number;
}

export type VerifyOutput =
  | { readonly of: 'trail'; readonly verdict: Verdict }
  /** `isAlone`: held to no database. */
  | { readonly of: 'export'; readonly verdict: ExportVerdict; readonly isAlone: boolean };

const MICROS_PER_MS = 1_000n;

/**
 * Reads what is to be verified, the database as of one moment. A program of its own, which other commands do not load: the libraries
 * behind it take longer than most commands.
 */
export async function verifyDatabase(input: VerifyInput): Promise<VerifyOutput> {
  for (const [name, value] of [
    ['--checkpoints', input.checkpoints],
    ['--key', input.key],
  ] as const)
    if (input.export !== undefined && value !== undefined)
      throw new CliError('conflictingOptions', { first: '--export', second: name });
  const keys = input.key === undefined ? undefined : await readKeys(input.key);
  if (input.export !== undefined)
    // Checkpoints tell of links, and an export has none.
    return {
      of: 'export',
      verdict: await verifyExported(input.export, input.databaseUrl),
      isAlone: input.databaseUrl === undefined,
    };
  const { databaseUrl, checkpoints } = input;
  if (databaseUrl === undefined) throw new CliError('auditDatabaseMissing');
  const verify = () =>
    withDatabase(databaseUrl, (database) =>
      readTrail(database, (trail) =>
        verifyTrail({
          trail,
          keys,
          ...(checkpoints === undefined ? {} : { outside: readCheckpoints(checkpoints) }),
          outsideUpTo: BigInt(trail.micros) - BigInt(input.copyAgeMs) * MICROS_PER_MS,
        }),
      ),
    );
  const verdict = await verify();
  // The file is read a moment after the database: what it then tells of may just not have been there yet.
  const isOfNow = verdict.found > 0 && verdict.findings.every(({ kind }) => kind === 'tail-removed');
  return { of: 'trail', verdict: isOfNow ? await verify() : verdict };
}

async function verifyExported(path: string, databaseUrl: string | undefined): Promise<ExportVerdict> {
  const against = async (database: Database | null) => {
    try {
      const verdict = await verifyExport({
        lines: readLines(path, 'auditExportUnreadable'),
        ...(database && {
          leafOf: (source, id) => findLeaf(database.drizzle, source, id),
          linkOf: async (no) => (await findSeal(database.drizzle, no))?.link ?? null,
        }),
      });
      // Nothing in it would be held to anything.
      if (verdict.kind === 'export' && database === null) throw new CliError('auditExportAlone', { file: path });
      return verdict;
    } catch (error) {
      if (!(error instanceof BrokenExport)) throw error;
      const key = error.problem === 'cut-off' ? 'auditExportCutOff' : 'auditExportUnknown';
      throw new CliError(key, { file: path, line: error.line }, { cause: error });
    }
  };
  return databaseUrl === undefined ? against(null) : withDatabase(databaseUrl, against);
}

async function readKeys(path: string): Promise<CheckpointKeys> {
  try {
    return readCheckpointKeys(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof WrongKey) throw new CliError('auditKeyUnknown', { file: path }, { cause: error });
    throw unreadable('auditKeyUnreadable', path, error);
  }
}

async function* readCheckpoints(path: string): AsyncGenerator<Checkpoint | null> {
  for await (const line of readLines(path, 'auditCheckpointsUnreadable')) yield parseCheckpointLine(line);
}

async function* readLines(
  path: string,
  key: 'auditCheckpointsUnreadable' | 'auditExportUnreadable',
): AsyncGenerator<string> {
  try {
    for await (const { text } of textLines(createReadStream(path))) yield text;
  } catch (error) {
    throw unreadable(key, path, error);
  }
}

function unreadable(
  key: 'auditKeyUnreadable' | 'auditCheckpointsUnreadable' | 'auditExportUnreadable',
  file: string,
  error: unknown,
): unknown {
  const reason = systemCode(error);
  return reason === undefined ? error : new CliError(key, { file, reason }, { cause: error });
}

async function withDatabase<Result>(url: string, use: (database: Database) => Promise<Result>): Promise<Result> {
  await using database = connectDatabase({
    url,
    maxConnections: 1,
    applicationName: 'meldesync-audit-verify',
    onConnectionError: () => undefined,
  });
  try {
    return await use(database);
  } catch (error) {
    // The code rather than the sentence, which may name the address with its password.
    const state = sqlState(error);
    if (state === undefined && !isOutage(error)) throw error;
    throw new CliError('auditDatabaseUnreadable', { reason: state ?? systemCode(error) ?? '–' }, { cause: error });
  }
}
