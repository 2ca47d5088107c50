import { PATCH_LIMITS } from '@meldesync/domain';
import { describe, expect, it } from 'vitest';
import type { ZodType } from 'zod';
import downVectors from '../vectors/down.json' with { type: 'json' };
import positions from '../vectors/positions.json' with { type: 'json' };
import upVectors from '../vectors/up.json' with { type: 'json' };
import { comparePositions, formatCursor, parseCursor } from './cursor.ts';
import { downMessage } from './down/index.ts';
import { EDIT_LIMITS } from './up/edit.ts';
import { upMessage } from './up/index.ts';

interface Vectors {
  readonly valid: readonly Vector[];
  readonly invalid: readonly Vector[];
}

interface Vector {
  readonly name: string;
  readonly message: unknown;
}

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
  const edit = (set: object, count = 1) => ({
    type: 'edit',
    operation: 'operation-1',
    items: Array.from({ length: count }, (_, index) => ({ record: index + 1, baseVersion: 1, set })),
  });

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

  it.each(positions.cursors)('P11 $cursor is an epoch and a position', ({ cursor, epoch, position }) => {
    expect(parseCursor(cursor)).toEqual({ epoch, position });
    expect(formatCursor(epoch, position)).toBe(cursor);
  });
});
