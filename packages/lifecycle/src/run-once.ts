import { WRONG_CONFIG } from '@meldesync/config';
import { UnsupportedServer } from './supported-versions.ts';
import { VERSION } from './version.ts';

/**
 * Runs a program that does one thing as the whole of this process. Exit status: 0 when it is done; 78 when a server is not
 * supported (`settingsOrExit` does the same for a wrong setting); 1 when it failed, which is said in a line. `DEBUG=1` adds where
 * it was thrown. With `--version` on the command line the process says its version, and ends.
 */
export async function runOnce(name: string, work: () => Promise<void>): Promise<void> {
  if (process.argv.includes('--version')) {
    console.log(VERSION);
    return;
  }
  try {
    await work();
  } catch (error) {
    process.exitCode = error instanceof UnsupportedServer ? WRONG_CONFIG : 1;
    console.error(error instanceof UnsupportedServer ? error.message : `${name} failed: ${reasonOf(error)}`);
    if (process.env['DEBUG'] && error instanceof Error) console.error(rootOf(error).stack);
  }
}

/** What lies behind an error, in one line: never the statement of a failed query, which may hold a password. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const root = rootOf(error);
  const { code } = root as { code?: unknown };
  const text = 'query' in root && 'params' in root ? 'a query failed' : root.message || root.name;
  const withCode = typeof code === 'string' && !text.includes(code) ? `${text} (${code})` : text;
  return withCode.replaceAll(/\s*\n\s*/g, ' ');
}

function rootOf(error: Error): Error {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error.cause];
  return first instanceof Error ? rootOf(first) : error;
}
