import type { Intent } from './reference-feed.ts';

/** A new genomic record of a case. */
export const insert = (caseId: string): Intent => ({ op: 'insert', caseId, art: 'G', day: 1 });

/** A note on one of the records there are. */
export const note = (text: string, pick = 0): Intent => ({ op: 'update', pick, set: { note: text } });
