import { type Pgoutput, PgoutputPlugin } from 'pg-logical-replication';

/**
 * pgoutput with every column left as the text Postgres sent: the relay passes JSON columns on without taking them
 * apart. It also counts what has arrived, so that the owner knows when all of it has been worked through.
 */
export class RawPgoutputPlugin extends PgoutputPlugin {
  received = 0;
  /** The connection stands. Before that it must not be ended: its `connect` would never settle. */
  connected = false;
  readonly #signal: AbortSignal;

  /** Nothing is started once the signal has ended it. */
  constructor(options: ConstructorParameters<typeof PgoutputPlugin>[0], signal: AbortSignal) {
    super(options);
    this.#signal = signal;
  }

  override async start(...input: Parameters<PgoutputPlugin['start']>): Promise<unknown> {
    this.connected = true;
    this.#signal.throwIfAborted();
    return super.start(...input);
  }

  override parse(buffer: Buffer): Pgoutput.Message {
    this.received += 1;
    const message: Pgoutput.Message = super.parse(buffer);
    if (message.tag === 'relation') {
      for (const column of message.columns) column.parser = (text: unknown) => text;
    }
    return message;
  }
}
