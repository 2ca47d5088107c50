import { createHash } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** What of a Meldebestätigung a test cares about; the rest is sound and different for each number. */
export interface SampleOptions {
  readonly artDerDaten?: 'C' | 'G';
  readonly typ?: 0 | 1 | 2 | 3 | 9;
  readonly artDerSequenzierung?: 0 | 1 | 2 | 3 | 4;
  readonly qualitaetskontrolle?: 0 | 1;
  readonly indikation?: 'O' | 'R' | 'H';
}

/** A valid Meldebestätigung, the same for the same number. */
export function sampleMeldebestaetigung(
  number: number,
  options: SampleOptions = {},
): { vorgangsnummer: string; ibe: string } {
  const digest = createHash('sha256').update(`sample ${number}`).digest();
  const code = [...digest.subarray(0, 10)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  const art = options.artDerDaten ?? (number % 2 === 0 ? 'G' : 'C');
  const day = String(1 + (number % 28)).padStart(2, '0');
  const counter = String(1 + (number % 999)).padStart(3, '0');
  const node = art === 'G' ? 'GRZK00001' : 'KDKK00001';
  const hashString = [
    code,
    `202607${day}${counter}`,
    '260530103',
    node,
    options.typ ?? 0,
    options.indikation ?? 'R',
    9,
    1,
    art,
    options.artDerSequenzierung ?? 2,
    options.qualitaetskontrolle ?? 1,
  ].join('&');
  const hash = createHash('sha256').update(hashString).digest('hex');
  return { vorgangsnummer: digest.toString('hex'), ibe: `IBE+${code}+${hashString}+9+${hash}` };
}

/** A CSV file of sample records, numbered from `first`. */
export function sampleCsv(count: number, first = 1): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const { vorgangsnummer, ibe } = sampleMeldebestaetigung(first + index);
    return `${vorgangsnummer},${ibe}`;
  });
  return `Vorgangsnummer,Meldebestaetigung\n${rows.join('\n')}\n`;
}
