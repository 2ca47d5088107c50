import type { FramePosition, ReportUnreadable } from '@meldesync/protocol';
import { type ChangeRow, readRow } from './replication/change-row.ts';

/** A frame without the name of the one before it. */
export interface BuiltFrame {
  readonly workspace: string;
  readonly id: FramePosition;
  readonly txid: string;
  /** Which trace its first change names. */
  readonly traceparent?: string | null | undefined;
  /** The changes, as the inside of a JSON array. */
  readonly changesJson: string;
  readonly changeCount: number;
  /** How the changes move the checksum of the workspace. */
  readonly checksumDelta: number;
  /**
   * Whether the nodes get the frame as it is (`alone`), or the transaction is a large one of which they are told with its
   * last frame (R3.5).
   */
  readonly place: 'alone' | 'before-last' | 'last';
}

/** Bounds of one frame, so that a large transaction never makes a message that a slow line cannot carry. */
const MAX_CHANGES = 500;
const MAX_CHARACTERS = 192 * 1024;

interface OpenFrame {
  readonly txid: string;
  readonly traceparent?: string | null | undefined;
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
  readonly #rangeThreshold: number;
  readonly #onUnreadable: ReportUnreadable;
  /** Workspaces of which a frame has been built. */
  readonly #begun = new Set<string>();
  #count = 0;

  /** More changes than `rangeThreshold` in one workspace make a large transaction; more than one frame do so too. */
  constructor(commitLsn: string, rangeThreshold: number, onUnreadable: ReportUnreadable) {
    this.#commitLsn = commitLsn;
    this.#onUnreadable = onUnreadable;
    this.#rangeThreshold = rangeThreshold;
  }

  /** Takes a row; returns the frame that had no room for it, if any. So none of these is the last of its workspace. */
  add(row: ChangeRow): BuiltFrame | undefined {
    const { txid, traceparent, workspace_id: workspace, record_id: record } = row;
    const read = readRow(row);
    const { checksumDelta } = read;
    if ('unreadable' in read) {
      const reason = read.unreadable;
      this.#onUnreadable({ place: 'log-change', workspace, record: Number(record), reason });
      // The frame says what the workspace adds up to with it: clients find that they lack it, and take a snapshot.
      const open = this.#open.get(workspace);
      if (open) open.checksumDelta += checksumDelta;
      else if (checksumDelta !== 0)
        this.#open.set(workspace, { txid, traceparent, parts: [], characters: 0, checksumDelta });
      return undefined;
    }
    const { json } = read;
    const open = this.#open.get(workspace);
    if (open && open.parts.length < MAX_CHANGES && open.characters < MAX_CHARACTERS) {
      open.checksumDelta += checksumDelta;
      open.parts.push(json);
      open.characters += json.length;
      return undefined;
    }
    this.#open.set(workspace, { txid, traceparent, parts: [json], characters: json.length, checksumDelta });
    return open && this.#build(workspace, open, 'before-last');
  }

  /** The frames that are still open at the end of the transaction: the last of each workspace. */
  finish(): BuiltFrame[] {
    const frames = [...this.#open].map(([workspace, open]) => {
      const isLarge = this.#begun.has(workspace) || open.parts.length > this.#rangeThreshold;
      return this.#build(workspace, open, isLarge ? 'last' : 'alone');
    });
    this.#open.clear();
    return frames;
  }

  #build(workspace: string, open: OpenFrame, place: BuiltFrame['place']): BuiltFrame {
    this.#begun.add(workspace);
    return {
      workspace,
      id: `${this.#commitLsn}-${this.#count++}`,
      txid: open.txid,
      traceparent: open.traceparent,
      changesJson: open.parts.join(','),
      changeCount: open.parts.length,
      checksumDelta: open.checksumDelta,
      place,
    };
  }
}
