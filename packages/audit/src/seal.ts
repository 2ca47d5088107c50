import { sealHash } from './hashes.ts';
import { jsonbArray } from './jsonb-text.ts';

/** One link of the chain: a batch of entries. */
export interface Seal {
  readonly no: number;
  /** Of which server, and of which of its lives, the transaction ids are. */
  readonly incarnation: string;
  /** Entries up to these ids are sealed in the order of their ids. */
  readonly changesBase: string;
  readonly eventsBase: string;
  /** Null in a seal of entries in the order of their ids. */
  readonly firstTxid: string | null;
  readonly lastTxid: string | null;
  readonly leaves: number;
  /** Entries in all seals up to this one. */
  readonly size: number;
  /** Microseconds since 1970. */
  readonly micros: string;
  readonly root: Uint8Array;
  readonly previous: Uint8Array;
  readonly link: Uint8Array;
}

/** What the first seal has as the link before it. */
export const NO_LINK = Buffer.alloc(32);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What the link of a seal is the hash of. */
export function sealText(seal: Omit<Seal, 'link'>): string {
  const { no, incarnation, changesBase, eventsBase, firstTxid, lastTxid, leaves, size, micros, root, previous } = seal;
  return jsonbArray([
    'meldesync-seal-1',
    String(no),
    incarnation,
    changesBase,
    eventsBase,
    firstTxid,
    lastTxid,
    String(leaves),
    String(size),
    micros,
    hex(root),
    hex(previous),
  ]);
}

export function sealLink(seal: Omit<Seal, 'link'>): Buffer {
  return sealHash(sealText(seal));
}
