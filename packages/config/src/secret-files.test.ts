import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Program, SETTINGS, type Setting } from './catalogue.mjs';
import { readSettings } from './read-settings.ts';
import { WrongSettings } from './wrong-settings.ts';

const NODE = {
  DATABASE_URL: 'postgres://app:secret@127.0.0.1:5432/meldesync',
  REDIS_URL: 'redis://127.0.0.1:6379',
  AUTH_SECRET: 's'.repeat(32),
  BASE_URL: 'https://meldesync.example',
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meldesync-secrets-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileWith(text: string): string {
  const file = join(folder, 'secret');
  writeFileSync(file, text);
  return file;
}

function problemsOf(program: Program, environment: Record<string, string>): string[] {
  try {
    readSettings(program, environment);
  } catch (error) {
    if (error instanceof WrongSettings) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('a secret in a file', () => {
  it.each(['', '\n', '\r\n'])('is what the file says, without a line break at its end: %j', (end) => {
    const { AUTH_SECRET: _, ...others } = NODE;
    const read = readSettings('node', { ...others, AUTH_SECRET_FILE: fileWith(`${'f'.repeat(40)}${end}`) });
    expect(read.AUTH_SECRET).toBe('f'.repeat(40));
  });

  it('that is none is said by the name of the setting, with the path and never with what it holds', () => {
    const { AUTH_SECRET: _, ...others } = NODE;
    expect(problemsOf('node', { ...others, AUTH_SECRET_FILE: join(folder, 'none') })).toEqual([
      `setting AUTH_SECRET_FILE: the file ${join(folder, 'none')} cannot be read (ENOENT)`,
    ]);
    expect(problemsOf('node', { ...others, AUTH_SECRET_FILE: folder })).toEqual([
      `setting AUTH_SECRET_FILE: the file ${folder} cannot be read (EISDIR)`,
    ]);
    const empty = fileWith('\n');
    expect(problemsOf('node', { ...others, AUTH_SECRET_FILE: empty })).toEqual([
      `setting AUTH_SECRET_FILE: the file ${empty} is empty`,
    ]);
    expect(problemsOf('node', { ...others, AUTH_SECRET_FILE: fileWith('short') })).toEqual([
      'setting AUTH_SECRET: must be a text of at least 32 characters',
    ]);
  });

  it('beside the setting itself is refused: nobody could know which holds', () => {
    expect(problemsOf('node', { ...NODE, AUTH_SECRET_FILE: fileWith('f'.repeat(40)) })).toEqual([
      'setting AUTH_SECRET_FILE: is given, and AUTH_SECRET too',
    ]);
  });

  it('counts for those programs only that read it, and an empty path is none', () => {
    expect(problemsOf('relay', { ...NODE, AUTH_SECRET_FILE: join(folder, 'none') })).toEqual([]);
    expect(problemsOf('node', { ...NODE, AUTH_SECRET_FILE: '' })).toEqual([]);
  });

  it('may be each setting that holds a password, a secret or an address with one', () => {
    const holdsSecret = ([name, setting]: [string, Setting]) =>
      /SECRET|PASSWORD$/.test(name) || setting.kind === 'connection' || setting.kind === 'connections';
    const isOfProgram = ([, { uses }]: [string, Setting]) =>
      Object.keys(uses).some((program) => program !== 'commands');
    const secrets = Object.entries<Setting>(SETTINGS).filter((entry) => holdsSecret(entry) && isOfProgram(entry));
    expect(secrets.length).toBeGreaterThan(9);
    for (const [name, { isSecret }] of secrets) expect([name, isSecret]).toEqual([name, true]);
  });
});
