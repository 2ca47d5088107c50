/** IBE segments that differ in what cases depend on. The hash is not checked by clients. */
export interface SegmentFields {
  readonly art: 'C' | 'G';
  readonly typ?: 0 | 1 | 2 | 3 | 9;
  readonly indikation?: 'O' | 'R' | 'H';
  readonly sequenzierung?: 0 | 1 | 2 | 3 | 4;
  readonly qc?: 0 | 1;
  /** 1 to 28, in January 2026. */
  readonly day?: number;
  readonly code?: string;
}

export function segment(fields: SegmentFields): string {
  const { art, typ = 0, indikation = 'O', sequenzierung = 1, qc = 1, day = 22, code = '1N4I391IHS' } = fields;
  const date = `202601${String(day).padStart(2, '0')}`;
  const hashString = `${code}&${date}005&000000000&000000000&${typ}&${indikation}&9&1&${art}&${sequenzierung}&${qc}`;
  return `IBE+${code}+${hashString}+9+${'0'.repeat(64)}`;
}
