import { type Checkpoint, type CheckpointKeys, isSignedBy } from '../checkpoint.ts';
import type { Seal } from '../seal.ts';
import type { Finding, FindingKind } from './finding.ts';

/** A list of checkpoints that goes along with the chain. */
export interface CheckpointReader {
  /** Takes the next seal of the chain. */
  readonly pass: (seal: Seal) => Promise<void>;
  /** Nothing more comes: what the list still has is of seals that are not there, unless it was written after the moment of the trail. */
  readonly end: (last: Seal | null, micros: string) => Promise<void>;
  readonly count: () => number;
}

interface ReaderOptions {
  /** Null for a line that is none. */
  readonly checkpoints: AsyncIterable<Checkpoint | null>;
  readonly keys: CheckpointKeys | null;
  readonly onFinding: (finding: Finding) => void;
  /** Takes those that are as the chain says. */
  readonly onGood: (checkpoint: Checkpoint) => void;
}

/** Holds each checkpoint of a list to the seal that it tells of. */
export function readCheckpoints({ checkpoints, keys, onFinding, onGood }: ReaderOptions): CheckpointReader {
  const rest = checkpoints[Symbol.asyncIterator]();
  let waiting: Checkpoint | null = null;
  let isDone = false;
  let count = 0;
  let lastNo = 0;
  const found = (kind: FindingKind, seal: number | null, micros: string | null) =>
    onFinding({ kind, seal, entry: null, upTo: null, micros });
  /** The next one that is signed and in its place. */
  const advance = async () => {
    waiting = null;
    while (!isDone && waiting === null) {
      const next = await rest.next();
      if (next.done) {
        isDone = true;
        return;
      }
      count += 1;
      const checkpoint = next.value;
      if (checkpoint === null) found('checkpoint-unreadable', lastNo === 0 ? null : lastNo, null);
      else if (judge(checkpoint)) waiting = checkpoint;
    }
  };
  const judge = (checkpoint: Checkpoint): boolean => {
    const { no, micros } = checkpoint;
    const isSigned = keys === null || isSignedBy(checkpoint, keys);
    if (isSigned === null) found('checkpoint-key-unknown', no, micros);
    else if (!isSigned) found('checkpoint-forged', no, micros);
    else if (no <= lastNo) found('checkpoint-replayed', no, micros);
    else {
      lastNo = no;
      return true;
    }
    return false;
  };
  const current = async (): Promise<Checkpoint | null> => {
    if (waiting === null) await advance();
    return waiting;
  };
  return {
    pass: async (seal) => {
      for (let at = await current(); at !== null && at.no <= seal.no; at = await current()) {
        if (at.no < seal.no) found('checkpoint-differs', at.no, at.micros);
        else if (isOf(at, seal)) onGood(at);
        else found('checkpoint-differs', seal.no, seal.micros);
        waiting = null;
      }
    },
    end: async (last, micros) => {
      for (let at = await current(); at !== null; at = await current()) {
        if (BigInt(at.micros) <= BigInt(micros)) found('tail-removed', last?.no ?? null, at.micros);
        waiting = null;
      }
    },
    count: () => count,
  };
}

function isOf(checkpoint: Checkpoint, seal: Seal): boolean {
  return (
    checkpoint.size === seal.size &&
    checkpoint.micros === seal.micros &&
    Buffer.compare(checkpoint.link, seal.link) === 0
  );
}
