import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AuditDirection, AuditHorizon, AuditPosition, AuditView } from '@meldesync/db';
import type { AuditFilter } from '@meldesync/protocol';
import { z } from 'zod';
import type { SessionKeys } from '../auth/session-tokens.ts';
import { CodedError } from '../coded-error.ts';

/** Whose list it is, and of what. */
export interface ListOwner {
  readonly userId: string;
  readonly sessionId: string;
  readonly view: AuditView;
}

/** How far somebody is in a list that they began. */
export interface ListState {
  /** The event that says that they read it. */
  readonly read: number;
  /** When that was, in epoch seconds. */
  readonly begunAt: number;
  readonly horizon: AuditHorizon;
}

/** Leads to what is older or newer than a position, or to what was committed since the horizon. */
export type ListPlace = ListState &
  ({ readonly way: AuditDirection; readonly from: AuditPosition } | { readonly way: 'since' });

/** For so long what is read on belongs to the event of the beginning. */
const LASTS_SECONDS = 12 * 60 * 60;
const MAC_BYTES = 16;
const TAG_BYTES = 9;
/** As `auditCursor` has it, of base64url. */
const MAX_BYTES = 375;

const count = z.int().nonnegative();
const transaction = z.string().regex(/^\d{1,20}$/);
const LETTERS = { older: 'o', newer: 'n', since: 's' } as const satisfies Record<ListPlace['way'], string>;
/** Kept short: a list, and a snapshot whose transactions are counted from its first. */
const payload = z.tuple([
  z.enum(LETTERS),
  z.string(),
  count,
  count,
  z.tuple([transaction, count, z.array(count)]),
  z.tuple([count, count, count, count, transaction]),
  z.tuple([z.string(), z.enum(['c', 'e']), count]).nullable(),
]);

/** Makes and reads the cursors of lists. They are signed: whoever made one up would read without its being on record. */
export class AuditCursors {
  readonly #keys: readonly Buffer[];
  readonly #nowSeconds: () => number;

  constructor(keys: SessionKeys, nowSeconds: () => number = () => Math.floor(Date.now() / 1000)) {
    this.#keys = keys.map(({ secret }) => createHmac('sha256', secret).update('meldesync audit cursor').digest());
    this.#nowSeconds = nowSeconds;
  }

  get nowSeconds(): number {
    return this.#nowSeconds();
  }

  write(owner: ListOwner, place: ListPlace): string {
    const [key] = this.#keys;
    if (!key) throw new Error('there is no key');
    const { horizon } = place;
    const from = place.way === 'since' ? null : place.from;
    const content = (snapshot: ReturnType<typeof shortSnapshot>): Buffer =>
      Buffer.from(
        JSON.stringify([
          LETTERS[place.way],
          tagOf(key, owner),
          place.read,
          place.begunAt,
          snapshot,
          [horizon.final.change, horizon.final.event, horizon.noted.change, horizon.noted.event, horizon.noted.until],
          from && [from.at, from.source === 'change' ? 'c' : 'e', from.id],
        ] satisfies z.infer<typeof payload>),
      );
    const whole = content(shortSnapshot(horizon.snapshot, true));
    // Where too many were under way: all since the first of them counts as not seen, and may come once more.
    const bytes = whole.byteLength + MAC_BYTES <= MAX_BYTES ? whole : content(shortSnapshot(horizon.snapshot, false));
    return Buffer.concat([macOf(key, bytes), bytes]).toString('base64url');
  }

  /** Throws `cursor-unknown` for one that this service did not make, or that is too old; `cursor-of-another-query`. */
  read(owner: ListOwner, cursor: string, way: ListPlace['way']): ListPlace {
    const bytes = Buffer.from(cursor, 'base64url');
    const [mac, content] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)];
    const key = this.#keys.find((one) => mac.byteLength === MAC_BYTES && timingSafeEqual(mac, macOf(one, content)));
    if (!key) throw new CodedError('cursor-unknown', 'no cursor of this service');
    const [kind, tag, read, begunAt, snapshot, ids, from] = payload.parse(JSON.parse(content.toString()));
    if (tag !== tagOf(key, owner)) throw new CodedError('cursor-of-another-query', 'a cursor of another query');
    if (begunAt + LASTS_SECONDS < this.#nowSeconds() || kind !== LETTERS[way])
      throw new CodedError('cursor-unknown', 'no cursor for this');
    const [finalChange, finalEvent, notedChange, notedEvent, until] = ids;
    const state = {
      read,
      begunAt,
      horizon: {
        snapshot: longSnapshot(snapshot),
        final: { change: finalChange, event: finalEvent },
        noted: { change: notedChange, event: notedEvent, until },
      },
    };
    if (!from || way === 'since') return { ...state, way: 'since' };
    const [at, source, id] = from;
    return { ...state, way, from: { at, source: source === 'c' ? 'change' : 'event', id } };
  }
}

function macOf(key: Buffer, content: Buffer): Buffer {
  return createHmac('sha256', key).update(content).digest().subarray(0, MAC_BYTES);
}

/** Names a person's query without saying it. */
function tagOf(key: Buffer, { userId, sessionId, view }: ListOwner): string {
  const asked = JSON.stringify([userId, sessionId, view.workspaceId, canonical(view.filter)]);
  return createHmac('sha256', key).update(asked).digest().subarray(0, TAG_BYTES).toString('base64url');
}

/** The same for filters that let the same through, however they are written. */
function canonical(filter: AuditFilter): [string, unknown][] {
  return Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, unknown] => [name, Array.isArray(value) ? [...new Set(value)].toSorted() : value])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function shortSnapshot(snapshot: string, isWhole: boolean): [string, number, number[]] {
  const [xmin = '0', xmax = '0', running = ''] = snapshot.split(':');
  const offset = (xid: string) => Number(BigInt(xid) - BigInt(xmin));
  if (!isWhole) return [xmin, 0, []];
  return [xmin, offset(xmax), running === '' ? [] : running.split(',').map(offset)];
}

function longSnapshot([xmin, xmax, running]: readonly [string, number, readonly number[]]): string {
  const xid = (offset: number) => String(BigInt(xmin) + BigInt(offset));
  return `${xmin}:${xid(xmax)}:${running.map(xid).join(',')}`;
}
