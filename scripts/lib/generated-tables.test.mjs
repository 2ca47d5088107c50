import { expect, it } from 'vitest';
import { withTables } from './generated-tables.mjs';

const tables = { a: () => '| new |', b: () => '| other |' };

it('puts each table between its markers and leaves the rest of the document alone', () => {
  const before = 'x\n<!-- generated: b -->\nold\n<!-- end -->\ny\n<!-- generated: a -->\nold\nold\n<!-- end -->\nz';
  const after = 'x\n<!-- generated: b -->\n| other |\n<!-- end -->\ny\n<!-- generated: a -->\n| new |\n<!-- end -->\nz';
  expect(withTables(before, tables)).toBe(after);
  expect(withTables(after, tables)).toBe(after);
});

it('says which table a document has no place for', () => {
  expect(() => withTables('<!-- generated: a -->\nold\n<!-- end -->', tables)).toThrow('"b"');
});
