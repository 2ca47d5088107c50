import { describe, expect, it } from 'vitest';
import { nameMoments, shareRefusals, shareSchemas } from './share-parts.ts';

const LOCK = { type: 'object', properties: { user: { type: 'string' } }, required: ['user'] };
const LIST = { type: 'object', properties: { locks: { type: 'array', items: LOCK } } };

describe('schemas', () => {
  const share = (paths: object) =>
    shareSchemas({
      paths,
      components: { schemas: { Lock: LOCK, LockList: LIST }, parameters: { A: { schema: LOCK } } },
    });

  it('that are the same as a named one point to it, those within named ones too', () => {
    expect(share({ '/a': { schema: LIST }, '/b': { anyOf: [LOCK, { type: 'string' }] } })).toEqual({
      paths: {
        '/a': { schema: { $ref: '#/components/schemas/LockList' } },
        '/b': { anyOf: [{ $ref: '#/components/schemas/Lock' }, { type: 'string' }] },
      },
      components: {
        schemas: {
          Lock: LOCK,
          LockList: {
            type: 'object',
            properties: { locks: { type: 'array', items: { $ref: '#/components/schemas/Lock' } } },
          },
        },
        parameters: { A: { schema: LOCK } },
      },
    });
  });

  it('that take null besides are one of the two', () => {
    expect(share({ schema: { ...LOCK, type: ['object', 'null'] } })).toMatchObject({
      paths: { schema: { oneOf: [{ $ref: '#/components/schemas/Lock' }, { type: 'null' }] } },
    });
  });

  it('that differ, and examples that look like one, stay as they are', () => {
    const paths = { '/a': { schema: { ...LOCK, description: 'another' }, example: LOCK } };
    expect(share(paths)).toMatchObject({ paths });
  });
});

it('refusals that are described alike stand once, those of another status or in other words by themselves', () => {
  const gone = { description: 'It is gone, for good and ever more' };
  const operations = [
    { responses: { 200: gone, 404: gone, 410: gone } },
    { responses: { 404: gone, 410: { description: 'Not there' } } },
    { responses: { 404: { ...gone, content: {} } } },
    { responses: { 404: { ...gone, content: {} } } },
  ];
  expect(shareRefusals(operations)).toEqual({
    ItIsGoneFor404: gone,
    ItIsGoneFor404V2: { ...gone, content: {} },
  });
  const first = { $ref: '#/components/responses/ItIsGoneFor404' };
  const second = { $ref: '#/components/responses/ItIsGoneFor404V2' };
  expect(operations).toEqual([
    { responses: { 200: gone, 404: first, 410: gone } },
    { responses: { 404: first, 410: { description: 'Not there' } } },
    { responses: { 404: second } },
    { responses: { 404: second } },
  ]);
});

it('texts that hold a moment say so; numbers, cursors and what says more already do not', () => {
  const of = (at: object) => ({ properties: { at } });
  const moments = [{ type: 'string' }, { type: ['string', 'null'] }];
  const others = [{ type: 'number' }, { type: 'string', pattern: '^a$' }, { type: 'string', format: 'date' }];
  const part = { all: [...moments, ...others].map(of), example: of({ type: 'string' }) };
  nameMoments(part);
  expect(part).toEqual({
    all: [...moments.map((schema) => ({ ...schema, format: 'date-time' })), ...others].map(of),
    example: of({ type: 'string' }),
  });
});
