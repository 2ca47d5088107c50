import { normalisePatch, PATCH_LIMITS } from '@meldesync/domain';
import { describe, expect, it } from 'vitest';
import type { ZodType } from 'zod';
import checksums from '../vectors/checksums.json' with { type: 'json' };
import downVectors from '../vectors/down.json' with { type: 'json' };
import positions from '../vectors/positions.json' with { type: 'json' };
import refusals from '../vectors/refusals.json' with { type: 'json' };
import texts from '../vectors/texts.json' with { type: 'json' };
import upVectors from '../vectors/up.json' with { type: 'json' };
import { addToChecksum, changeChecksum, recordChecksum } from './checksum.ts';
import { comparePositions, cursor, formatCursor, parseCursor } from './cursor.ts';
import { downMessage } from './down/index.ts';
import { ERROR_CATALOGUE } from './errors/catalogue.ts';
import { parseJson } from './unreadable.ts';
import { EDIT_LIMITS } from './up/edit.ts';
import { upMessage } from './up/index.ts';
import { refusedIds } from './up/refused-ids.ts';

interface Vectors {
  readonly valid: readonly Vector[];
  readonly invalid: readonly Vector[];
}

interface Vector {
  readonly name: string;
  readonly message: unknown;
}

/** A text as it is sent, and either how it is kept or why it is not. */
interface TextVector {
  readonly name: string;
  readonly field: string;
  readonly sent: string | null;
  readonly kept?: string | null;
  readonly error?: string;
}

const edit = (set: object, count = 1) => ({
  type: 'edit',
  operation: 'operation-1',
  items: Array.from({ length: count }, (_, index) => ({ record: index + 1, baseVersion: 1, set })),
});

describe.each<[string, ZodType, Vectors]>([
  ['up', upMessage, upVectors],
  ['down', downMessage, downVectors],
])('messages %s', (_direction, schema, vectors) => {
  it.each(vectors.valid)('P3 accepts $name', ({ message }) => {
    expect(schema.safeParse(message).error).toBeUndefined();
  });

  it.each(vectors.invalid)('P25 refuses $name', ({ message }) => {
    expect(schema.safeParse(message).success).toBe(false);
  });
});

describe('edit', () => {
  it.each(Object.entries(PATCH_LIMITS))('P16 takes a %s of %i characters and none longer', (field, limit) => {
    expect(upMessage.safeParse(edit({ [field]: 'x'.repeat(limit) })).success).toBe(true);
    expect(upMessage.safeParse(edit({ [field]: 'x'.repeat(limit + 1) })).success).toBe(false);
  });

  it('P16 takes 500 items and no more', () => {
    expect(upMessage.safeParse(edit({ done: true }, EDIT_LIMITS.itemsPerEdit)).success).toBe(true);
    expect(upMessage.safeParse(edit({ done: true }, EDIT_LIMITS.itemsPerEdit + 1)).success).toBe(false);
  });
});

describe('positions', () => {
  it('P7 are compared as decimal numbers beyond 2^53', () => {
    const { ascending } = positions;
    for (const [i, a] of ascending.entries()) {
      for (const [j, b] of ascending.entries()) {
        expect(Math.sign(comparePositions(a, b)), `${a} and ${b}`).toBe(Math.sign(i - j));
      }
    }
  });

  it.each(positions.cursors)('P11 $cursor is an epoch and a position', ({ cursor: text, epoch, position }) => {
    expect(cursor.safeParse(text).success).toBe(true);
    expect(parseCursor(text)).toEqual({ epoch, position });
    expect(formatCursor(epoch, position)).toBe(text);
  });
});

describe('cursors', () => {
  it.each(positions.noCursors)('P11 %j is none', (text) => {
    expect(cursor.safeParse(text).success).toBe(false);
  });
});

describe('checksums', () => {
  it.each(checksums.records)(
    'P36 record $record in version $version adds $checksum',
    ({ record, version, checksum }) => {
      expect(recordChecksum(record, version)).toBe(checksum);
    },
  );

  it.each(checksums.changes)('P36 $name', ({ sum, change: moved, after }) => {
    expect(addToChecksum(sum, changeChecksum(moved))).toBe(after);
  });
});

describe('refusals', () => {
  it.each(refusals.refusals)('P19 P25 $name', ({ text, to }) => {
    const value = parseJson(text);
    expect(upMessage.safeParse(value).success).toBe(false);
    expect(refusedIds(value)).toEqual(to);
  });
});

describe('texts', () => {
  it.each(texts.texts as TextVector[])('P65 $name', ({ field, sent, kept, error }) => {
    const patch = { [field]: sent };
    const isTaken = upMessage.safeParse(edit(patch)).success;
    const normalised = normalisePatch(patch);
    expect(isTaken).toBe(error !== 'invalid-message');
    if (error === undefined) expect(normalised).toEqual({ ok: true, patch: { [field]: kept } });
    if (error === 'invalid-field') expect(normalised.ok).toBe(false);
  });
});

// `npm test -- packages/protocol -u` writes it.
it('the errors are those of the catalogue', async () => {
  const catalogue = Object.entries(ERROR_CATALOGUE).map(([code, { status, retryable }]) => [
    code,
    { status, retryable },
  ]);
  const errors = { errors: Object.fromEntries(catalogue) as unknown };
  await expect(`${JSON.stringify(errors, null, 2)}\n`).toMatchFileSnapshot('../vectors/errors.json');
});

it('every case has a name of its own', () => {
  for (const named of [
    upVectors.valid,
    upVectors.invalid,
    downVectors.valid,
    downVectors.invalid,
    texts.texts,
    refusals.refusals,
  ]) {
    const names = named.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  }
});
