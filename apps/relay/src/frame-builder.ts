import { changeChecksum, type FramePosition } from '@meldesync/protocol';
import { type ChangeRow, changeToJson } from './replication/change-row.ts';

/** A frame without the name of the one before it. */
export interface BuiltFrame {
  readonly workspace: string;
  readonly id: FramePosition;
  readonly txid: string;
  /** The changes, as the inside of a JSON array. */
  readonly changesJson: string;
  readonly changeCount: number;
  /** How the changes move the checksum of the workspace. */
  readonly checksumDelta: number;
}

/** Bounds of one frame, so that a large transaction never makes a message that a slow line cannot carry. */
const MAX_CHANGES = 500;
const MAX_CHARACTERS = 192 * 1024;

interface OpenFrame {
  readonly txid: string;
  readonly parts: string[];
  characters: number;
  checksumDelta: number;
}

/**
 * Gathers the rows of one transaction into frames, per workspace, in commit order. Frames of a transaction count from
 * 0 across workspaces, so ids are the same whenever the transaction is read again.
 */
export class FrameBuilder {
  readonly #open = new Map<string, OpenFrame>();
  readonly #commitLsn: string;
  #count = 0;

  constructor(commitLsn: string) {
    this.#commitLsn = commitLsn;
  }

  /** Takes a row; returns the frame that it filled, if any. */
  add(row: ChangeRow): BuiltFrame | undefined {
    const json = changeToJson(row);
    const delta = changeChecksum({ record: Number(row.record_id), version: Number(row.version), op: row.op });
    const open = this.#open.get(row.workspace_id);
    if (!open) {
      const { txid } = row;
      this.#open.set(row.workspace_id, { txid, parts: [json], characters: json.length, checksumDelta: delta });
      return undefined;
    }
    open.checksumDelta += delta;
    open.parts.push(json);
    open.characters += json.length;
    if (open.parts.length < MAX_CHANGES && open.characters < MAX_CHARACTERS) return undefined;
    this.#open.delete(row.workspace_id);
    return this.#build(row.workspace_id, open);
  }

  /** The frames that are still open at the end of the transaction. */
  finish(): BuiltFrame[] {
    const frames = [...this.#open].map(([workspace, open]) => this.#build(workspace, open));
    this.#open.clear();
    return frames;
  }

  #build(workspace: string, open: OpenFrame): BuiltFrame {
    return {
      workspace,
      id: `${this.#commitLsn}-${this.#count++}`,
      txid: open.txid,
      changesJson: open.parts.join(','),
      changeCount: open.parts.length,
      checksumDelta: open.checksumDelta,
    };
  }
}
