import { readFileSync } from 'node:fs';
import { type Program, SETTINGS, type Setting } from './catalogue.mjs';
import type { SettingProblem } from './wrong-settings.ts';

/** What files say of a program's secrets. */
interface SecretFiles {
  readonly secrets: Readonly<Record<string, string>>;
  readonly problems: readonly SettingProblem[];
  /** Secrets of which more than the file's problem need not be said. */
  readonly unread: ReadonlySet<string>;
}

/**
 * Reads the secrets of a program that are given as files, such as containers get them: `AUTH_SECRET_FILE` holds the path of a file
 * whose text is `AUTH_SECRET`. A line break at its end does not count.
 */
export function readSecretFiles(
  program: Program,
  environment: Readonly<Record<string, string | undefined>>,
): SecretFiles {
  const secrets: Record<string, string> = {};
  const problems: SettingProblem[] = [];
  const unread = new Set<string>();
  for (const [name, setting] of Object.entries<Setting>(SETTINGS)) {
    const file = environment[`${name}_FILE`] ?? '';
    if (!setting.isSecret || !setting.uses[program] || file === '') continue;
    const read = (environment[name] ?? '') === '' ? readSecret(file) : { problem: `is given, and ${name} too` };
    if ('secret' in read) {
      secrets[name] = read.secret;
    } else {
      problems.push({ name: `${name}_FILE`, problem: read.problem });
      unread.add(name);
    }
  }
  return { secrets, problems, unread };
}

function readSecret(file: string): { secret: string } | { problem: string } {
  try {
    const secret = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return secret === '' ? { problem: `the file ${file} is empty` } : { secret };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { problem: `the file ${file} cannot be read (${code})` };
  }
}
