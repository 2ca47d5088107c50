import { describe, expect, it } from 'vitest';
import { inChunks, latin1, readAll, readText, utf8 } from '../../test/csv-text.ts';
import { FIXTURE_NAMES, readFixture, segmentWith, vorgangsnummerOf } from '../../test/samples.ts';
import { nodeSha256 } from '../../test/sha256.ts';
import { validateMeldebestaetigung } from '../meldebestaetigung/validate.ts';
import { readMeldebestaetigungCsv } from './read-csv.ts';
import { type CsvRejectionCode, type CsvRow, describeRejection } from './row.ts';

const HEADER = 'Vorgangsnummer,Meldebestaetigung';
const NUMBER = vorgangsnummerOf(1);
const IBE = segmentWith();
const ROW = `${NUMBER},${IBE}`;

const good = (line: number, caseId: string | null = null): CsvRow => ({
  kind: 'row',
  line,
  vorgangsnummer: NUMBER,
  ibe: IBE,
  caseId,
});

const rejected = (line: number, code: CsvRejectionCode, params: Record<string, number> = {}): CsvRow => ({
  kind: 'rejected',
  line,
  code,
  params,
});

describe('published files', () => {
  it.each(FIXTURE_NAMES)('%s is one valid row', async (name) => {
    const [row, ...others] = await readAll([readFixture(name)]);

    expect(others).toEqual([]);
    expect(row).toMatchObject({ kind: 'row', line: 2, caseId: null });
    if (row?.kind === 'row') expect(validateMeldebestaetigung(row, nodeSha256).ok).toBe(true);
  });

  it('can be joined to one file', async () => {
    const rows = await readAll(FIXTURE_NAMES.map(readFixture));

    expect(rows.map(({ kind, line }) => [kind, line])).toEqual([2, 4, 6, 8, 10].map((line) => ['row', line]));
  });
});

describe('forms of the file', () => {
  it.each([
    ['comma, LF', `${HEADER}\n${ROW}\n`],
    ['no last line end', `${HEADER}\n${ROW}`],
    ['CRLF', `${HEADER}\r\n${ROW}\r\n`],
    ['CR', `${HEADER}\r${ROW}\r`],
    ['semicolon', `${HEADER};\n${ROW};\n`.replaceAll(',', ';')],
    ['byte order mark', `\uFEFF${HEADER}\n${ROW}\n`],
    ['quotes', `"Vorgangsnummer","Meldebestaetigung"\n"${NUMBER}","${IBE}"\n`],
    ['byte order mark and quotes', `\uFEFF"Vorgangsnummer","Meldebestaetigung"\n"${NUMBER}",${IBE}\n`],
    ['white space around quotes and cells', `"Vorgangsnummer" , "Meldebestaetigung"\n "${NUMBER}" ,\t${IBE} \n`],
    ['upper-case number', `${HEADER}\n${NUMBER.toUpperCase()},${IBE}\n`],
    ['upper-case header', `VORGANGSNUMMER,MELDEBESTAETIGUNG\n${ROW}`],
    ['header with umlaut', `Vorgangsnummer,Meldebestätigung\n${ROW}`],
    ['header with decomposed umlaut', `vorgangsnummer , Meldebesta\u0308tigung\n${ROW}`],
    ['other order', `Meldebestaetigung,Vorgangsnummer\n${IBE},${NUMBER}`],
    ['further columns', `Datei,${HEADER},Notiz\nx.csv,${ROW},"nein, danke"`],
    ['empty cells after the last column', `${HEADER}\n${ROW},,`],
    ['columns without a name', `${HEADER},,\n${ROW},,`],
  ])('%s', async (_form, text) => {
    expect(await readText(text)).toEqual([good(2)]);
  });

  it('leaves out blank lines and rows without content, but counts them', async () => {
    expect(await readText(`\n  \n${HEADER}\n\n${ROW}\n,\n"",""\n\t\n${ROW}\n\n`)).toEqual([good(5), good(9)]);
  });

  it('leaves out headers repeated by joining files, byte order mark included', async () => {
    const text = `${HEADER}\n${ROW}\n\uFEFF"Vorgangsnummer",Meldebestaetigung\n${ROW}\n"vorgangsnummer", "Meldebestätigung"\n${ROW}`;

    expect(await readText(text)).toEqual([good(2), good(4), good(6)]);
  });

  it('has no rows for a header alone', async () => {
    expect(await readText(`${HEADER}\n`)).toEqual([]);
  });

  it.each(['Fallnummer', 'Fall-ID', 'Fall', 'case_id', 'caseid', 'case id', ' CASE ID ', 'FALL-nummer'])(
    'recognises the case id in a column %j',
    async (name) => {
      expect(await readText(`${name},${HEADER}\n F-1 ,${ROW}\n,${ROW}\n`)).toEqual([good(2, 'F-1'), good(3)]);
    },
  );

  it('prefers the more telling of two columns with a case id', async () => {
    expect(await readText(`Fall,${HEADER},Fallnummer\nx,${ROW},F-1`)).toEqual([good(2, 'F-1')]);
  });

  it('yields batches of at most the given size (R3.5)', async () => {
    const sizes: number[] = [];
    const text = `${HEADER}\n${`${ROW}\n`.repeat(7)}`;
    for await (const batch of readMeldebestaetigungCsv([utf8(text)], { batchRows: 3 })) sizes.push(batch.length);

    expect(sizes).toEqual([3, 3, 1]);
  });

  it('passes errors of the source through and closes it when the reader stops', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield utf8(`${HEADER}\n${ROW}\n`.padEnd(300, '\n'));
        throw new Error('connection lost');
      } finally {
        closed = true;
      }
    }

    await expect(readAll(source())).rejects.toThrow('connection lost');
    closed = false;
    for await (const _ of readMeldebestaetigungCsv(source(), { batchRows: 1, blockBytes: 280, maxLineBytes: 270 })) {
      break;
    }
    expect(closed).toBe(true);
  });
});

describe('encodings', () => {
  const text = `${HEADER},Fall\n${ROW},Müller\n`;

  it('reads UTF-8', async () => {
    expect(await readAll([utf8(text)])).toEqual([good(2, 'Müller')]);
  });

  it('reads ISO 8859-1', async () => {
    expect(await readAll([latin1(text.replace('staetigung', 'stätigung'))])).toEqual([good(2, 'Müller')]);
  });

  it('reads ISO 8859-15', async () => {
    expect(await readAll([latin1(`${HEADER},Fall\n${ROW},\u00A4\n`)])).toEqual([good(2, '€')]);
  });

  it('decides for the whole file: one byte that is no UTF-8 makes all of it ISO 8859-15', async () => {
    const bytes = latin1(`${HEADER},Fall\n${ROW},\u00C3\u00BC\n${ROW},\u00FC\n`);

    expect(await readAll([bytes])).toEqual([good(2, 'Ã\u0152'), good(3, 'ü')]);
  });

  it('reads only the line at fault as ISO 8859-15 once a large file is known to be UTF-8', async () => {
    const limits = { blockBytes: 300, maxLineBytes: 290 };
    const bytes = [utf8(`${HEADER},Fall\n${ROW},ü\n`), latin1(`${ROW},\u00FC\n`), utf8(`${ROW},ö\n${ROW},ß\n`)];

    expect(await readAll(bytes, limits)).toEqual([good(2, 'ü'), good(3, 'ü'), good(4, 'ö'), good(5, 'ß')]);
  });

  it('keeps count of lines and limits in a UTF-8 file with a line at fault', async () => {
    const bytes = [
      utf8(`\uFEFF${HEADER},Fall\r\n`),
      latin1(`${ROW},\u00FC\r\n`),
      utf8(`${'x'.repeat(301)}\r${ROW},ä\n\n${ROW},ö`),
    ];

    expect(await readAll(bytes, { maxLineBytes: 300 })).toEqual([
      good(2, 'ü'),
      rejected(3, 'line-too-long', { limitBytes: 300 }),
      good(4, 'ä'),
      good(6, 'ö'),
    ]);
  });

  it('takes a byte order mark at its word', async () => {
    const bytes = [utf8(`\uFEFF${HEADER},Fall\n${ROW},ä\n`), latin1(`${ROW},\u00E4\n`)];

    expect(await readAll(bytes)).toEqual([good(2, 'ä'), good(3, 'ä')]);
  });
});

describe('rows that cannot be read', () => {
  it('rejects only the bad ones, with their lines', async () => {
    const lines = [
      HEADER,
      ROW,
      `"${ROW}`,
      ROW,
      `${NUMBER},IBE"x"`,
      NUMBER,
      `${ROW},x`,
      `${NUMBER},"IBE" x`,
      `${NUMBER},\0${IBE}`,
      ROW,
    ];

    expect(await readText(lines.join('\n'))).toEqual([
      good(2),
      rejected(3, 'unbalanced-quote'),
      good(4),
      rejected(5, 'misplaced-quote'),
      rejected(6, 'column-count', { actual: 1, expected: 2 }),
      rejected(7, 'column-count', { actual: 3, expected: 2 }),
      rejected(8, 'misplaced-quote'),
      rejected(9, 'nul-character'),
      good(10),
    ]);
  });

  it('does not read a line of thousands of cells, whatever is in them, and reads on', async () => {
    const many = ','.repeat(1_001);
    const rows = await readText([HEADER, ROW, many, `${ROW}${many}`, `"a${many}\nb"${many}`, ROW].join('\n'));

    const refusal = (line: number) => rejected(line, 'too-many-cells', { limit: 1_000 });
    expect(rows).toEqual([
      good(2),
      refusal(3),
      refusal(4),
      rejected(5, 'unbalanced-quote'),
      rejected(6, 'unbalanced-quote'),
      good(7),
    ]);
    // What spreadsheets leave behind the last column is taken as before.
    expect(await readText([HEADER, `${ROW}${','.repeat(900)}`].join('\n'))).toEqual([good(2)]);
  });

  it('parses no more than about a million characters at once', async () => {
    const long = `${NUMBER},${'x'.repeat(60_000)}`;
    const sizes: number[] = [];
    const text = utf8([HEADER, ...Array.from({ length: 100 }, () => long)].join('\n'));
    for await (const batch of readMeldebestaetigungCsv(inChunks(text))) sizes.push(batch.length);

    expect(Math.max(...sizes)).toBeLessThan(20);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(100);
  });

  it('rejects a line of 2 MB with its number and reads on', async () => {
    const text = `${HEADER}\r\n${ROW}\r\n${'x'.repeat(2_000_000)}\r\n${ROW}\r\n`;
    const rows = [good(2), rejected(3, 'line-too-long', { limitBytes: 65_536 }), good(4)];

    expect(await readText(text)).toEqual(rows);
    expect(await readAll(inChunks(utf8(text), [4096]))).toEqual(rows);
  });

  it('measures the limit of a line in bytes of the file', async () => {
    const limits = { maxLineBytes: 300 };
    const line = (bytes: number, filler: string): string =>
      `${ROW},${filler.repeat((bytes - ROW.length - 1) / utf8(filler).length)}`;
    const tooLong = rejected(2, 'line-too-long', { limitBytes: 300 });

    for (const filler of ['x', '€']) {
      const fitting = line(300 - ((300 - ROW.length - 1) % 3), filler);
      expect(await readText(`${HEADER},Datei\n${fitting}\n`, limits)).toEqual([good(2)]);
      expect(await readText(`${HEADER},Datei\n${fitting}${filler.repeat(3)}\n`, limits)).toEqual([tooLong]);
    }
    const german = 'ü'.repeat(300 - ROW.length - 1);
    expect(await readAll([latin1(`${HEADER},Datei\n${ROW},${german}\n`)], limits)).toEqual([good(2)]);
    expect(await readAll([latin1(`${HEADER},Datei\n${ROW},${german}ü\n`)], limits)).toEqual([tooLong]);
  });

  it('reads rows over several lines and counts on behind them', async () => {
    const text = `${HEADER},Notiz,Fall\n${ROW},"erste\r\n""zweite"", Zeile\n\ndritte",F-1\n${ROW},,F-2\n`;

    expect(await readText(text)).toEqual([good(2, 'F-1'), good(6, 'F-2')]);
  });

  it('reads a row over several lines that are not in one block', async () => {
    const text = `${HEADER},Notiz\n${ROW},"${'eine Zeile\n'.repeat(20)}"\n${ROW},x\n`;
    for (const blockBytes of [452, 460, 470, 500]) {
      expect(await readText(text, { blockBytes, maxLineBytes: 450 })).toEqual([good(2), good(23)]);
    }
  });

  it('reads the longest line of ISO 8859-15 although it is longer in UTF-8', async () => {
    const note = 'ü'.repeat(65_536 - ROW.length - 1);

    expect(await readAll([latin1(`${HEADER},Notiz\n${ROW},${note}\n`)])).toEqual([good(2)]);
  });

  it('reads a quoted cell as long as a line may be, even if it is all quotes', async () => {
    const length = 65_536 - ROW.length - 10;
    for (const note of ['x'.repeat(length), '""'.repeat(length / 2), '"",;'.repeat(length / 4)]) {
      expect(await readText(`${HEADER},Notiz\n${ROW},"${note}"\n${ROW},x"${note}"\n`)).toEqual([
        good(2),
        rejected(3, 'misplaced-quote'),
      ]);
    }
  });

  it('takes no NUL character into a row over several lines', async () => {
    expect(await readText(`${HEADER},Notiz\n${ROW},"a\nb\0"\n${ROW},x\n`)).toEqual([
      rejected(2, 'unbalanced-quote'),
      rejected(3, 'nul-character'),
      good(4),
    ]);
  });

  it('reads a note over several lines before the segment', async () => {
    expect(await readText(`Notiz,${HEADER}\n"erste\nzweite",${ROW}\nx,${ROW}`)).toEqual([good(2), good(4)]);
  });

  it('never lets an open quote swallow the next row', async () => {
    const text = `${HEADER},Notiz\n${ROW},"offen\n${ROW},x"\n${ROW},"zu"\n`;

    expect(await readText(text)).toEqual([rejected(2, 'unbalanced-quote'), rejected(3, 'unbalanced-quote'), good(4)]);
  });

  it('gives an open quote up at the limit of a record, at a bad line and at the end of the file', async () => {
    const open = `${ROW},"offen`;
    const limits = { maxLineBytes: 260 };

    expect((await readText(`${HEADER},Notiz\n${open}\n${'x\n'.repeat(100)}y"\n`, limits))[0]).toEqual(
      rejected(2, 'unbalanced-quote'),
    );
    expect((await readText(`${HEADER},Notiz\n${open}\n${'x'.repeat(300)}\ny"\n`, limits))[0]).toEqual(
      rejected(2, 'unbalanced-quote'),
    );
    expect(await readText(`${HEADER},Notiz\n${ROW},\n${open}`, limits)).toEqual([
      good(2),
      rejected(3, 'unbalanced-quote'),
    ]);
  });

  it('has a sentence for every rejection', async () => {
    const [row] = await readText(`${HEADER}\nx`);

    expect(row?.kind === 'rejected' && describeRejection(row, 'de')).toBe('Die Zeile hat 1 statt 2 Spalten.');
    expect(row?.kind === 'rejected' && describeRejection(row, 'en')).toBe('The line has 1 columns instead of 2.');
  });
});
