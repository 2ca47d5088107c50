import { type FramePosition, framePosition } from '@meldesync/protocol';

/** A frame as it travels from the relay to the nodes: a line of facts, then the text for the clients, untouched. */
export interface BusFrame {
  readonly epoch: string;
  readonly id: FramePosition;
  readonly prev: FramePosition;
  /** 64-bit transaction id, decimal. */
  readonly txid: string;
  /** How many changes it holds. */
  readonly changes: number;
  /** What the workspace's records add up to after it (P36); null where the feed began before checksums were kept. */
  readonly checksum: number | null;
  /** The frame as JSON, as clients receive it. */
  readonly json: string;
  /** Its way so far; what is read from the stream has none. */
  readonly way?: FrameWay;
}

/** When a frame was where, in epoch milliseconds of whoever says so, and of which trace it is. */
export interface FrameWay {
  /** By Postgres' clock. */
  readonly committedAt: number;
  /** The relay sent it to Redis. */
  readonly sentAt: number;
  /** This node got it; only there. */
  readonly receivedAt?: number;
  /** The relay's span. */
  readonly traceparent?: string;
}

/** The frames of a large transaction, told instead of sent: they are in the stream (R3.5). */
export interface BusRange {
  readonly epoch: string;
  /** Position before its first frame. */
  readonly from: FramePosition;
  /** Id of its last frame. */
  readonly to: FramePosition;
  readonly txid: string;
  readonly changes: number;
  /** As of a frame, after the last of them. */
  readonly checksum: number | null;
}

/** What comes on a workspace's channel of frames. */
export type BusMessage =
  | { readonly kind: 'frame'; readonly frame: BusFrame }
  | { readonly kind: 'range'; readonly range: BusRange };

/**
 * `<epoch> <id> <prev> <txid> <changes> <checksum> <committed at> <sent at> <traceparent>\n<json>`: nodes read the facts without
 * parsing the frame. The last three are absent where they are not known.
 */
export function encodeBusFrame({ epoch, id, prev, txid, changes, checksum, json, way }: BusFrame): string {
  const told = way ? ` ${way.committedAt} ${way.sentAt} ${way.traceparent ?? ''}` : '';
  return `${epoch} ${id} ${prev} ${txid} ${changes} ${formatChecksum(checksum)}${told}\n${json}`;
}

function parseWay(committedAt: string | undefined, sentAt: string | undefined, traceparent: string | undefined) {
  const way = { committedAt: Number(committedAt), sentAt: Number(sentAt), ...(traceparent ? { traceparent } : {}) };
  return committedAt && sentAt && Number.isFinite(way.committedAt) && Number.isFinite(way.sentAt) ? { way } : {};
}

/** `range <epoch> <from> <to> <txid> <changes> <checksum>` */
export function encodeBusRange({ epoch, from, to, txid, changes, checksum }: BusRange): string {
  return `${RANGE} ${epoch} ${from} ${to} ${txid} ${changes} ${formatChecksum(checksum)}`;
}

/** As it is written in a message and in a stream entry: a number, or empty where it is not known. */
export function formatChecksum(checksum: number | null): string {
  return checksum === null ? '' : String(checksum);
}

/** What `formatChecksum` wrote. A relay of the version before writes none at all, which is then not known either. */
export function parseChecksum(text: string | undefined): number | null {
  return text ? Number(text) : null;
}

/** Whether the facts of a frame or a range are such as nodes reckon with: one that is not would stay where it is taken in. */
export function areFacts(facts: {
  readonly positions: readonly string[];
  readonly txid: string;
  readonly changes: number;
  readonly checksum: number | null;
}): boolean {
  const { positions, txid, changes, checksum } = facts;
  return (
    positions.every((position) => framePosition.safeParse(position).success) &&
    DECIMAL.test(txid) &&
    isCount(changes) &&
    (checksum === null || isCount(checksum))
  );
}

const DECIMAL = /^\d{1,20}$/;

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Undefined when the message is neither a frame nor a range. */
export function decodeBusMessage(message: string): BusMessage | undefined {
  const end = message.indexOf('\n');
  const facts = message.slice(0, end < 0 ? undefined : end).split(' ');
  if (facts[0] === RANGE && end < 0) {
    const [, epoch, from, to, txid, changes, checksum] = facts;
    if (!epoch || !from || !to || !txid || !changes) return undefined;
    const range = { epoch, from, to, txid, changes: Number(changes), checksum: parseChecksum(checksum) };
    return areFacts({ ...range, positions: [from, to] }) ? { kind: 'range', range } : undefined;
  }
  const [epoch, id, prev, txid, changes, checksum, ...way] = facts;
  if (end < 0 || !epoch || !id || !prev || !txid || !changes) return undefined;
  const json = message.slice(end + 1);
  const told = parseWay(way[0], way[1], way[2]);
  const frame = { epoch, id, prev, txid, changes: Number(changes), checksum: parseChecksum(checksum), json, ...told };
  return areFacts({ ...frame, positions: [id, prev] }) ? { kind: 'frame', frame } : undefined;
}

/** No epoch: those are hexadecimal. */
const RANGE = 'range';
