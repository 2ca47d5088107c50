import type { FramePosition } from '@meldesync/protocol';

/** A frame as it travels from the relay to the nodes: the text for the clients, untouched, behind a line of facts. */
export interface BusFrame {
  readonly epoch: string;
  readonly id: FramePosition;
  readonly prev: FramePosition;
  /** 64-bit transaction id, decimal. */
  readonly txid: string;
  /** How many changes it holds. */
  readonly changes: number;
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
}

/** What comes on a workspace's channel of frames. */
export type BusMessage =
  | { readonly kind: 'frame'; readonly frame: BusFrame }
  | { readonly kind: 'range'; readonly range: BusRange };

/** `<epoch> <id> <prev> <txid> <changes>\n<json>`: nodes read the facts without parsing the frame. */
export function encodeBusFrame(frame: BusFrame): string {
  return `${frame.epoch} ${frame.id} ${frame.prev} ${frame.txid} ${frame.changes}\n${frame.json}`;
}

/** `range <epoch> <from> <to> <txid> <changes>` */
export function encodeBusRange({ epoch, from, to, txid, changes }: BusRange): string {
  return `${RANGE} ${epoch} ${from} ${to} ${txid} ${changes}`;
}

/** Undefined when the message is neither a frame nor a range. */
export function decodeBusMessage(message: string): BusMessage | undefined {
  const end = message.indexOf('\n');
  const facts = message.slice(0, end < 0 ? undefined : end).split(' ');
  if (facts[0] === RANGE && end < 0) {
    const [, epoch, from, to, txid, changes] = facts;
    if (!epoch || !from || !to || !txid || !changes) return undefined;
    return { kind: 'range', range: { epoch, from, to, txid, changes: Number(changes) } };
  }
  const [epoch, id, prev, txid, changes] = facts;
  if (end < 0 || !epoch || !id || !prev || !txid || !changes) return undefined;
  return { kind: 'frame', frame: { epoch, id, prev, txid, changes: Number(changes), json: message.slice(end + 1) } };
}

/** No epoch: those are hexadecimal. */
const RANGE = 'range';
