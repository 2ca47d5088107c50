import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Translate } from '../messages/translator.ts';
import { systemCode } from '../system-code.ts';

/** A file to import. */
export interface SourceFile {
  readonly kind: 'file';
  /** As given, or below the folder that was given. */
  readonly path: string;
  /** What the server calls it. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** A path that cannot be imported, with the reason in a sentence. */
export interface UnusablePath {
  readonly kind: 'unusable';
  readonly path: string;
  readonly reason: string;
}

/**
 * What the paths of a call stand for, in their order: a file itself, a folder its `*.csv` by name (not those of its
 * subfolders). What is named twice is imported once.
 */
export async function collectFiles(
  paths: readonly string[],
  t: Translate,
): Promise<ReadonlyArray<SourceFile | UnusablePath>> {
  const found = new Map<string, SourceFile | UnusablePath>();
  for (const path of paths) {
    for (const source of await sourcesAt(path, t)) {
      if (!found.has(source.path)) found.set(source.path, source);
    }
  }
  return [...found.values()];
}

async function sourcesAt(path: string, t: Translate): Promise<Array<SourceFile | UnusablePath>> {
  try {
    const info = await stat(path);
    if (info.isFile()) return [{ kind: 'file', path, name: basename(path), sizeBytes: info.size }];
    if (!info.isDirectory()) return [{ kind: 'unusable', path, reason: t('import.fileNotRegular') }];
    const files = await filesIn(path);
    return files.length > 0 ? files : [{ kind: 'unusable', path, reason: t('import.folderEmpty') }];
  } catch (error) {
    return [{ kind: 'unusable', path, reason: describeReadError(error, t) }];
  }
}

async function filesIn(folder: string): Promise<SourceFile[]> {
  const names = (await readdir(folder)).filter((name) => /\.csv$/i.test(name)).sort();
  const files = await Promise.all(
    names.map(async (name): Promise<SourceFile[]> => {
      const path = join(folder, name);
      const info = await stat(path);
      return info.isFile() ? [{ kind: 'file', path, name, sizeBytes: info.size }] : [];
    }),
  );
  return files.flat();
}

/** Why a file cannot be read, in a sentence. */
export function describeReadError(error: unknown, t: Translate): string {
  const code = systemCode(error);
  return code === 'ENOENT' ? t('import.fileMissing') : t('import.fileUnreadable', { reason: code ?? 'I/O' });
}
