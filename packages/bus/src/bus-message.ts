import type { FramePosition } from '@meldesync/protocol';

/** A frame as it travels from the relay to the nodes: the text for the clients, untouched, behind a line of facts. */
export interface BusFrame {
  readonly epoch: string;
  readonly id: FramePosition;
  readonly prev: FramePosition;
  /** 64-bit transaction id, decimal. */
  readonly txid: string;
  /** The frame as JSON, as clients receive it. */
  readonly json: string;
}

/** `<epoch> <id> <prev> <txid>\n<json>`: nodes read the facts without parsing the frame. */
export function encodeBusFrame(frame: BusFrame): string {
  return `${frame.epoch} ${frame.id} ${frame.prev} ${frame.txid}\n${frame.json}`;
}

/** Undefined when the message is not a frame. */
export function decodeBusFrame(message: string): BusFrame | undefined {
  const end = message.indexOf('\n');
  const [epoch, id, prev, txid] = message.slice(0, Math.max(end, 0)).split(' ');
  if (!epoch || !id || !prev || !txid) return undefined;
  return { epoch, id, prev, txid, json: message.slice(end + 1) };
}
