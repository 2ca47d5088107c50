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

/** `<epoch> <id> <prev> <txid> <changes> <checksum>\n<json>`: nodes read the facts without parsing the frame. */
export function encodeBusFrame({ epoch, id, prev, txid, changes, checksum, json }: BusFrame): string {
  return `${epoch} ${id} ${prev} ${txid} ${changes} ${formatChecksum(checksum)}\n${json}`;
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
  const [epoch, id, prev, txid, changes, checksum] = facts;
  if (end < 0 || !epoch || !id || !prev || !txid || !changes) return undefined;
  const json = message.slice(end + 1);
  const frame = { epoch, id, prev, txid, changes: Number(changes), checksum: parseChecksum(checksum), json };
  return areFacts({ ...frame, positions: [id, prev] }) ? { kind: 'frame', frame } : undefined;
}

/** No epoch: those are hexadecimal. */
const RANGE = 'range';
