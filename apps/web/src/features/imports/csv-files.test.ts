import { describe, expect, it } from 'vitest';
import { pickCsvFiles } from './csv-files.ts';

describe('pickCsvFiles', () => {
  it('goes by the ending, whatever the system thinks the type is', () => {
    const files = [
      new File([''], 'a.csv', { type: 'application/vnd.ms-excel' }),
      new File([''], 'B.CSV'),
      new File([''], 'c.txt', { type: 'text/plain' }),
      new File([''], 'd.xlsx'),
      new File([''], 'Ordner'),
    ];
    const { accepted, refused } = pickCsvFiles(files);
    expect(accepted.map(({ name }) => name)).toEqual(['a.csv', 'B.CSV', 'c.txt']);
    expect(refused).toBe(2);
  });
});
