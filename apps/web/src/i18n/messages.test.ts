import { describe, expect, it } from 'vitest';
import { administration as administrationDe } from './de/administration.ts';
import { audit as auditDe } from './de/audit.ts';
import { entry as entryDe } from './de/entry.ts';
import { de } from './de/index.ts';
import { administration as administrationEn } from './en/administration.ts';
import { audit as auditEn } from './en/audit.ts';
import { entry as entryEn } from './en/entry.ts';
import { en } from './en/index.ts';

type Tree = { readonly [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof value === 'string') texts.set(path, value);
    else for (const [inner, text] of flatten(value, path)) texts.set(inner, text);
  }
  return texts;
}

/** Names and kinds of the arguments of an ICU message, such as `count:plural`; what stands after `one` or `=0` is text. */
function argumentsOf(message: string): string[] {
  const found = message.matchAll(/(?<!(?:=\d+|zero|one|two|few|many|other)\s*)\{\s*(\w+)\s*(?:,\s*(\w+))?\s*[,}]/g);
  return [...new Set([...found].map(([, name = '', kind = 'text']) => `${name}:${kind}`))].sort();
}

// Those that come later count as much.
const german = flatten({ ...de, administration: administrationDe, audit: auditDe, entry: entryDe });
const english = flatten({ ...en, administration: administrationEn, audit: auditEn, entry: entryEn });

describe('message catalogues', () => {
  it('have the same keys in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...german.keys()].sort());
  });

  it.each([...german.keys()])('%s takes the same arguments in both languages', (key) => {
    expect(argumentsOf(english.get(key) ?? '')).toEqual(argumentsOf(german.get(key) ?? ''));
  });

  it('leave no text empty', () => {
    const empty = [...german, ...english].filter(([, text]) => text.trim() === '');
    expect(empty).toEqual([]);
  });
});
