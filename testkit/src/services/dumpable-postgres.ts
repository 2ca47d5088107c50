import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isExecutable, tryOutput } from '../../../scripts/lib/command.mjs';
import { startPassingPostgres } from '../../../scripts/lib/postgres.mjs';
import { StopStack } from '../../../scripts/lib/stop-stack.mjs';

const run = promisify(execFile);

/** Where distributions of Linux put each version. */
const VERSIONS = '/usr/lib/postgresql';
const NEEDED = ['initdb', 'postgres', 'pg_dump', 'pg_restore'];

/**
 * A PostgreSQL of the machine's own, with the programs for dumps, which are not among those that npm brings and read no server that is
 * newer than they are.
 */
export interface DumpablePostgres extends AsyncDisposable {
  /** A superuser's URL, for `createTestDatabase`. */
  readonly url: string;
  /** Dumps a database into a file that only `restore` reads. */
  dump(databaseUrl: string, file: string): Promise<void>;
  /** Runs `pg_restore` with these arguments; what it wrote to its standard output. Rejects with what it said where it failed. */
  restore(args: readonly string[]): Promise<string>;
}

/** The folder of the newest version that has all programs; undefined where the machine has none. */
export function findDumpPrograms(): string | undefined {
  let versions: string[];
  try {
    versions = readdirSync(VERSIONS);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(VERSIONS, version, 'bin'))
    .find((folder) => NEEDED.every((program) => isExecutable(join(folder, program))));
}

/** Starts one from what `findDumpPrograms` found. */
export async function startDumpablePostgres(folder: string): Promise<DumpablePostgres> {
  const stack = new StopStack();
  const said = tryOutput(join(folder, 'postgres'), ['--version']) ?? '';
  const programs = {
    initdb: join(folder, 'initdb'),
    postgres: join(folder, 'postgres'),
    version: /\d+(\.\d+)?/.exec(said)?.[0] ?? said,
  };
  const url = await startPassingPostgres(stack, { durable: false, programs });
  return {
    url,
    dump: async (databaseUrl, file) => {
      await run(join(folder, 'pg_dump'), ['--format=custom', `--file=${file}`, databaseUrl]);
    },
    restore: async (args) => (await run(join(folder, 'pg_restore'), [...args], { maxBuffer: 64 * 1024 * 1024 })).stdout,
    [Symbol.asyncDispose]: () => stack.stopAll(),
  };
}
