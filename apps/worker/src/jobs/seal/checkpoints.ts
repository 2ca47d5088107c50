import type { CheckpointSigner } from '@meldesync/audit';
import { type Database, findSeal, keepCheckpoint, lastCheckpointNo, lastSeal, listCheckpoints } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import type { SealMetrics } from '../../worker-metrics.ts';
import { type CheckpointFile, checkpointFile } from './checkpoint-file.ts';
import { postCheckpoints } from './checkpoint-receiver.ts';

/** Where checkpoints go besides the database, and what signs them. */
export interface CheckpointSettings {
  readonly signer: CheckpointSigner;
  /** At most one in so long. */
  readonly intervalMs: number;
  readonly file?: string | undefined;
  readonly url?: string | undefined;
}

export interface CheckpointContext {
  readonly database: Database;
  readonly metrics: SealMetrics;
  readonly logger: Pick<Logger, 'event'>;
  readonly signal: AbortSignal;
}

/** As many are copied or posted at a time. */
const BATCH = 1_000;

/** Signs the chain as it goes, for whoever seals now. */
export interface Checkpoints {
  /** Signs the last seal where it is time to, and brings what is signed to where it is kept. */
  readonly advance: () => Promise<void>;
}

/**
 * Each is in the file before it is in the database: what the database has, a whole file has too. What a worker before this one signed is
 * copied first.
 */
export async function startCheckpoints(settings: CheckpointSettings, context: CheckpointContext): Promise<Checkpoints> {
  const { database, metrics, logger, signal } = context;
  const file = settings.file === undefined ? null : checkpointFile(settings.file);
  const told = { file: '', receiver: '' };
  let signed = await lastCheckpointNo(database.drizzle);
  let posted = signed;
  let isCopied = false;
  let signedMs = Number.NEGATIVE_INFINITY;
  /** Tells of a failure once, until it works again. */
  const guarded = async (to: 'file' | 'receiver', work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      told[to] = '';
      metrics.checkpoints.add(1, { to, outcome: 'done' });
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      metrics.checkpoints.add(1, { to, outcome: 'failed' });
      if (told[to] !== String(error))
        logger.event(to === 'file' ? 'checkpoint-unwritten' : 'checkpoint-unposted', { err: error });
      told[to] = String(error);
      return false;
    }
  };
  const sign = async () => {
    const seal = await lastSeal(database.drizzle);
    if (seal === null || seal.no <= signed) return;
    const checkpoint = settings.signer.sign(seal);
    if (file && !(await guarded('file', () => file.append([checkpoint])))) return;
    await keepCheckpoint(database.drizzle, checkpoint);
    signed = seal.no;
    signedMs = performance.now();
  };
  const post = async (url: string) => {
    const waiting = await listCheckpoints(database.drizzle, posted, BATCH);
    const last = waiting.at(-1);
    if (last && (await guarded('receiver', () => postCheckpoints(url, waiting, signal)))) posted = last.no;
  };
  return {
    advance: async () => {
      if (file && !isCopied) {
        if (!(await guarded('file', () => copyInto(file, context)))) return;
        isCopied = true;
      }
      if (performance.now() - signedMs < settings.intervalMs) return;
      await sign();
      if (settings.url !== undefined) await post(settings.url);
    },
  };
}

/** Brings the file up to the database, and says where they tell of different chains. */
async function copyInto(file: CheckpointFile, { database, logger }: CheckpointContext): Promise<void> {
  const last = await file.last();
  if (last !== null) {
    const seal = await findSeal(database.drizzle, last.no);
    if (seal === null || Buffer.compare(seal.link, last.link) !== 0) {
      // A tail that was cut off, or a backup that was put back: people must know; the chain goes on.
      logger.event('seals-differ', { seal: last.no });
      return;
    }
  }
  for (let above = last?.no ?? 0; ; ) {
    const missing = await listCheckpoints(database.drizzle, above, BATCH);
    const end = missing.at(-1);
    if (end === undefined) return;
    await file.append(missing);
    above = end.no;
  }
}
