import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { PROGRAMS } from './programs.mjs';

/** @typedef {import('./programs.mjs').ProgramName} ProgramName */

/** An editor writes a file in several steps, and a branch that is checked out many files: they are one change. */
const TOGETHER_MS = 150;

/**
 * The folders of our own that a program is made of: its workspace and, step by step, those that it depends on.
 * @param {ProgramName} name
 * @returns {string[]} absolute paths of their `src`
 */
export function sourceFolders(name) {
  const folders = new Set([inRoot(PROGRAMS[name].split('/').slice(0, 2).join('/'))]);
  for (const folder of folders) {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const dependency of Object.keys(dependencies)) {
      const [scope, short = ''] = dependency.split('/');
      if (scope === '@meldesync') folders.add(inRoot('packages', short));
    }
  }
  return [...folders].map((folder) => join(folder, 'src'));
}

/** @param {string} file */
function isSource(file) {
  return /\.(ts|tsx|json)$/.test(file) && !/\.test\.tsx?$/.test(file);
}

/**
 * @param {string} folder
 * @returns {string[]} it and every folder below it
 */
function withFoldersBelow(folder) {
  if (!existsSync(folder)) return [];
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...below.flatMap(({ name }) => withFoldersBelow(join(folder, name)))];
}

/**
 * Calls back after sources in a folder, or in one below it, changed. Each folder has a watcher of its own: those of files
 * do not survive that an editor puts a new file in the place of the old one.
 * @param {string} root
 * @param {() => void} onChange
 * @returns {() => void} ends the watch
 */
function watchFolder(root, onChange) {
  /** @type {Map<string, import('node:fs').FSWatcher>} */
  const watchers = new Map();
  const watchNewFolders = () => {
    let isNew = false;
    for (const folder of withFoldersBelow(root)) {
      if (watchers.has(folder)) continue;
      isNew = true;
      const watcher = watch(folder, (_event, file) => {
        // Into a new folder something may have been put before it was watched.
        if (watchNewFolders() || (file !== null && isSource(file))) onChange();
      });
      const forget = () => {
        watcher.close();
        watchers.delete(folder);
      };
      watcher.on('error', forget);
      watchers.set(folder, watcher);
    }
    for (const [folder, watcher] of watchers) {
      if (existsSync(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    return isNew;
  };
  watchNewFolders();
  return () => {
    for (const watcher of watchers.values()) watcher.close();
  };
}

/**
 * Calls back with what uses sources that changed.
 * @template T
 * @param {{ folders: string[], user: T }[]} uses
 * @param {(users: T[]) => void} onChange
 * @returns {() => void} ends the watch
 */
export function watchSources(uses, onChange) {
  /** @type {Set<string>} */
  const changed = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const tell = () => {
    const users = uses.filter(({ folders }) => folders.some((folder) => changed.has(folder))).map(({ user }) => user);
    changed.clear();
    onChange(users);
  };
  const endings = [...new Set(uses.flatMap(({ folders }) => folders))].map((folder) =>
    watchFolder(folder, () => {
      changed.add(folder);
      clearTimeout(timer);
      timer = setTimeout(tell, TOGETHER_MS);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const end of endings) end();
  };
}
