import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOwnTexts } from './own-text.ts';

const ANNA = { workspace: 'w', user: 'anna' };
const BEN = { workspace: 'w', user: 'ben' };

describe('the text searched for', () => {
  beforeEach(() => void vi.spyOn(console, 'warn').mockReturnValue());
  afterEach(() => void vi.restoreAllMocks());

  function storageByTest() {
    const stored = new Map<string, string>();
    return {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, text: string) => void stored.set(key, text),
    };
  }

  it('survives a reload, and is of one person in one workspace', () => {
    const storage = storageByTest();
    createOwnTexts('search', () => storage).write(ANNA, 'F-2');
    const texts = createOwnTexts('search', () => storage);
    expect(texts.read(ANNA)).toBe('F-2');
    expect(texts.read(BEN)).toBe('');
    expect(texts.read({ ...ANNA, workspace: 'other' })).toBe('');
  });

  it('of one kind is none of another', () => {
    const storage = storageByTest();
    createOwnTexts('search', () => storage).write(ANNA, 'F-2');
    expect(createOwnTexts('audit-case', () => storage).read(ANNA)).toBe('');
  });

  it('works where the browser forbids storage', () => {
    const texts = createOwnTexts('search', () => {
      throw new Error('forbidden');
    });
    expect(texts.read(ANNA)).toBe('');
    let calls = 0;
    texts.subscribe(() => calls++);
    texts.write(ANNA, 'F-2');
    expect(texts.read(ANNA)).toBe('F-2');
    expect(texts.read(BEN)).toBe('');
    expect(calls).toBe(1);
  });

  it('is the latest one where storage is full', () => {
    const storage = storageByTest();
    const texts = createOwnTexts('search', () => storage);
    texts.write(ANNA, 'F-2');
    const full = vi.spyOn(storage, 'setItem').mockImplementation(() => {
      throw new Error('full');
    });
    texts.write(ANNA, 'F-3');
    expect(texts.read(ANNA)).toBe('F-3');
    full.mockRestore();
    texts.write(ANNA, 'F-4');
    expect(texts.read(ANNA)).toBe('F-4');
  });
});
