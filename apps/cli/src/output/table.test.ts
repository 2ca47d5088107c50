import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createStyle } from './style.ts';
import { type Column, renderTable } from './table.ts';

const columns: Column[] = [
  { header: 'Fall', minWidth: 4, dropOrder: 0 },
  { header: 'Zeilen', minWidth: 3, dropOrder: 1, align: 'right', paint: (text) => createStyle(true).red(text) },
  { header: 'Datei', minWidth: 8, dropOrder: 2, keep: 'end' },
];
const rows = Array.from({ length: 501 }, (_, index) => [
  `F-${index}`,
  String(index * 7),
  `eingang/Größe 漢字 ${index}.csv`,
]);

describe('a table', () => {
  it.each([80, 34, 20])('of many rows looks like one of few, %i columns wide', (width) => {
    const style = createStyle(true);
    const few = renderTable(columns, rows.slice(-500), style, width);
    const many = renderTable(columns, [...rows.slice(-500), rows.at(-1) ?? []], style, width);
    expect(many.slice(0, -1)).toEqual(few);
    expect(many.at(-1)).toBe(few.at(-1));
  });

  it('cuts a text at the side that says less', () => {
    const lines = renderTable(columns, [['F-10234', '12', 'eingang/2026/Meldung.csv']], createStyle(false), 30);
    expect(lines.map(stripVTControlCharacters)).toEqual(['Fall     Zeilen  Datei', 'F-10234      12  …/Meldung.csv']);
  });

  it('of no rows is its header', () => {
    expect(renderTable(columns, [], createStyle(false), 80)).toEqual(['Fall  Zeilen  Datei']);
  });
});
