import { CANARY_PREFIX } from '@meldesync/db';
import type { Pgoutput } from 'pg-logical-replication';
import type { ChangeRow } from './change-row.ts';
import { decimalToLsn, lsnToDecimal } from './lsn.ts';
import { RawPgoutputPlugin } from './raw-pgoutput.ts';
import { createReplicationService } from './replication-service.ts';
import { watchSender } from './sender-watch.ts';

const PUBLICATION = 'meldesync_feed';
const HISTORY = 'changes';

/** A transaction as the log has it. */
interface LoggedTransaction {
  /** Decimal. */
  readonly commitLsn: string;
  /** The lower 32 bits of its id. */
  readonly xid: number;
  /** When it was committed, by Postgres' clock, in epoch milliseconds. */
  readonly committedAt: number;
}

export interface ReplicationHandlers {
  /** The connection holds the slot: no other relay is active. Nothing is handed over before this has settled. */
  onStart(): Promise<void>;
  /**
   * A row of a transaction, which is the same for all rows of it. Until the promise has resolved, what
   * follows waits in the log, not in memory.
   */
  onChange(transaction: LoggedTransaction, row: ChangeRow): Promise<void> | void;
  /** All rows of the transaction, and of all that end before `endLsn` (decimal), have been handed over. */
  onCommit(transaction: LoggedTransaction, endLsn: string): Promise<void> | void;
  /** A canary came; what was committed before it has been handed over. */
  onCanary(content: string): void;
  /** No transaction is under way, and all that end before `lsn` (decimal) have been handed over. */
  onIdle(lsn: string): void;
}

export interface ReplicationStreamOptions {
  readonly url: string;
  readonly slot: string;
  /** Decimal LSN to start from. */
  readonly fromLsn: string;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** The LSN (decimal) confirmed so far; answers the server's question whether we live. */
  readonly confirmedLsn: () => string;
  /** How often in a row silence of the server has ended it. */
  readonly silences: number;
  /** The server wants to know at once whether we live. */
  readonly onAsked: () => void;
}

/** The stream of changes, running: positions are confirmed by its owner alone. */
export interface ReplicationStream {
  confirm(lsn: string): Promise<void>;
}

/**
 * Follows the publication from a position in commit order until the signal ends it. Rejects when the connection
 * breaks or the slot is in use (SQLSTATE 55006).
 */
export async function followReplication(
  options: ReplicationStreamOptions,
  handlers: ReplicationHandlers,
  onOpen: (stream: ReplicationStream) => void,
): Promise<void> {
  if (options.signal.aborted) return;
  const plugin = new RawPgoutputPlugin(
    { protoVersion: 1, publicationNames: [PUBLICATION], messages: true },
    options.signal,
  );
  const service = createReplicationService(options.url);
  let starting: Promise<void> | undefined;
  const failure = new Promise<never>((_, reject) => {
    service.on('error', reject);
    service.on('start', () => {
      starting = handlers.onStart();
      starting.catch(reject);
    });
  });
  const transaction = { commitLsn: '0', xid: 0, committedAt: 0 };
  let handled = 0;
  service.on('data', async (_lsn: string, message: Pgoutput.Message) => {
    await starting;
    if (options.signal.aborted) return;
    sender.heard();
    const pending = handleMessage(message, transaction, handlers);
    if (pending) await pending;
    handled += 1;
  });
  service.on('heartbeat', (lsn: string, _timestamp: number, shouldRespond: boolean) => {
    sender.heard();
    if (handled === plugin.received) handlers.onIdle(lsnToDecimal(lsn));
    if (!shouldRespond) return;
    options.onAsked();
    // Nobody waits for what this listener returns.
    confirm(options.confirmedLsn()).catch((error: unknown) => service.emit('error', error));
  });
  const confirm = async (lsn: string, wantsAnswer = false) => {
    // The library confirms one byte more than it is told, and a commit that begins right at `lsn` would be skipped.
    await service.acknowledge(decimalToLsn(lsn === '0' ? lsn : (BigInt(lsn) - 1n).toString()), wantsAnswer);
  };
  const sender = watchSender({
    ask: () => confirm(options.confirmedLsn(), true),
    isBusy: () => handled < plugin.received,
    silences: options.silences,
    onSilent: (error) => service.emit('error', error),
  });
  const stop = () => {
    if (plugin.connected) service.stop().catch((error: unknown) => service.emit('error', error));
  };
  options.signal.addEventListener('abort', stop, { once: true });
  onOpen({ confirm: (lsn) => confirm(lsn) });
  try {
    await Promise.race([service.subscribe(plugin, options.slot, decimalToLsn(options.fromLsn)), failure]);
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    sender[Symbol.dispose]();
    options.signal.removeEventListener('abort', stop);
    await service.stop();
  }
}

function handleMessage(
  message: Pgoutput.Message,
  transaction: { commitLsn: string; xid: number; committedAt: number },
  handlers: ReplicationHandlers,
): Promise<void> | void {
  switch (message.tag) {
    case 'begin':
      transaction.commitLsn = lsnToDecimal(message.commitLsn ?? '0/0');
      transaction.xid = message.xid;
      transaction.committedAt = Number(message.commitTime) / 1_000;
      return;
    case 'insert':
      // Somebody may have added other tables to the publication.
      if (message.relation.name !== HISTORY) return undefined;
      return handlers.onChange(transaction, message.new as ChangeRow);
    case 'commit':
      return handlers.onCommit(transaction, lsnToDecimal(message.commitEndLsn ?? '0/0'));
    case 'message':
      // Anybody may write messages into the log.
      if (message.prefix === CANARY_PREFIX) handlers.onCanary(Buffer.from(message.content).toString());
      return;
    default:
  }
}
