import { frames as framesSchema } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedFields } from '../../test/arbitraries.ts';
import { isFrameList } from './check-frames.ts';

const position = fc.tuple(fc.nat(), fc.nat(9)).map(([lsn, n]) => `${lsn}-${n}`);
const change = fc.record(
  {
    record: fc.integer({ min: 1, max: 1e6 }),
    version: fc.integer({ min: 1, max: 1e6 }),
    op: fc.constantFrom('update', 'delete'),
    set: changedFields,
    by: fc.string(),
    via: fc.string(),
    at: fc.string(),
    operation: fc.string(),
  },
  { requiredKeys: ['record', 'version', 'op', 'set', 'by', 'via', 'at'] },
);
const frameList = fc.array(fc.record({ id: position, prev: position, changes: fc.array(change, { maxLength: 3 }) }), {
  minLength: 1,
  maxLength: 3,
});
const junk = fc.constantFrom<unknown>(null, undefined, true, 0, -1, 1.5, 2 ** 60, '', '1-', 'x', [], {}, [null]);

/** All places in a JSON value, as paths. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function replaceAt(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((inner, i) => (String(i) === key ? replaceAt(inner, rest, replacement) : inner));
  const fields = value as Record<string, unknown>;
  return { ...fields, [key]: replaceAt(fields[key], rest, replacement) };
}

const accepts = (frames: unknown): boolean => framesSchema.safeParse({ type: 'frames', frames }).success;

describe('check of frames', () => {
  it('accepts what the protocol allows', () => {
    fc.assert(
      fc.property(frameList, (frames) => {
        expect(isFrameList(frames)).toBe(true);
      }),
    );
  });

  it('agrees with the schema of the protocol when anything at any place is replaced', () => {
    fc.assert(
      fc.property(frameList, fc.nat(), junk, (frames, pick, replacement) => {
        const paths = pathsOf(frames);
        const broken = replaceAt(frames, paths[pick % paths.length] ?? [], replacement);
        expect(isFrameList(broken)).toBe(accepts(broken));
      }),
      { numRuns: 3000 },
    );
  });

  it('agrees with the schema when a field is missing', () => {
    fc.assert(
      fc.property(change, fc.nat(), (complete, pick) => {
        const keys = Object.keys(complete);
        const { [keys[pick % keys.length] ?? '']: _gone, ...rest } = complete as Record<string, unknown>;
        const frames = [{ id: '2-0', prev: '1-0', changes: [rest] }];
        expect(isFrameList(frames)).toBe(accepts(frames));
      }),
    );
  });

  it('asks more than the schema of an insert: it must have what makes a record', () => {
    const insert = { record: 1, version: 1, op: 'insert', by: 'db:x', via: 'sql', at: '' };
    const frames = (set: unknown) => [{ id: '2-0', prev: '1-0', changes: [{ ...insert, set }] }];
    expect(isFrameList(frames({ vorgangsnummer: 'a', ibe: 'b' }))).toBe(true);
    expect(isFrameList(frames({ vorgangsnummer: 'a' }))).toBe(false);
  });
});
