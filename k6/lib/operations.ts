import exec from 'k6/execution';
import { clearTimeout, setTimeout } from 'k6/timers';
import { between } from './between.ts';
import type { EditItem, Outcome, UpMessage } from './messages.ts';
import { duplicated, editToAnswer, reportError } from './metrics.ts';

/** P19 promises 5 s; the rest is for a generator that is busy itself. */
const ANSWER_LIMIT_MS = 8_000;
const TRIES = 8;
const PREFIX = 'k6';

/** Undefined where there was no answer, after all tries: that has been counted. */
export type EditAnswer = readonly Outcome[] | undefined;

interface Waiting {
  readonly message: Extract<UpMessage, { type: 'edit' }>;
  readonly sentAt: number;
  readonly resolve: (answer: EditAnswer) => void;
  tries: number;
  timer: number | undefined;
}

/**
 * The edits of one client that wait for their answer, and what became of the others. An operation id holds who sent it and when, so
 * that whoever applies the change can tell how long that took.
 */
export class Operations {
  /** False where there is no connection. */
  readonly #send: (message: UpMessage) => boolean;
  readonly #own: string;
  readonly #waiting = new Map<string, Waiting>();
  /** Version that an operation of one's own gave its record, as its answer and its change say. */
  readonly #versions = new Map<string, number>();
  /** Highest acknowledged version of each record. */
  readonly acknowledged = new Map<number, number>();
  #count = 0;

  constructor(client: string, send: (message: UpMessage) => boolean) {
    this.#send = send;
    this.#own = `${PREFIX}-${exec.vu.idInTest}-${client}-`;
  }

  get size(): number {
    return this.#waiting.size;
  }

  edit(item: EditItem): Promise<EditAnswer> {
    const sentAt = Date.now();
    this.#count++;
    const operation = `${this.#own}${this.#count.toString(36)}-${sentAt.toString(36)}`;
    return new Promise((resolve) => {
      const waiting: Waiting = {
        message: { type: 'edit', operation, items: [item] },
        sentAt,
        resolve,
        tries: 0,
        timer: undefined,
      };
      this.#waiting.set(operation, waiting);
      this.#try(operation, waiting);
    });
  }

  /** On a new connection: whatever has no answer is sent again under its id (P18). */
  sendAgain(): void {
    for (const [operation, waiting] of this.#waiting) this.#try(operation, waiting);
  }

  /** Without a connection no answer is due. */
  rest(): void {
    for (const waiting of this.#waiting.values()) disarm(waiting);
  }

  answered(operation: string, outcomes: readonly Outcome[]): void {
    const waiting = this.#waiting.get(operation);
    for (const outcome of outcomes) if (outcome.outcome === 'accepted') this.#noteAccepted(operation, outcome);
    if (waiting === undefined) return;
    editToAnswer.add(Date.now() - waiting.sentAt);
    this.#settle(operation, waiting, outcomes);
  }

  /** P19: what passes is tried again; the rest is what should not have happened. */
  refused(operation: string, code: string): void {
    const waiting = this.#waiting.get(operation);
    if (waiting === undefined) return;
    if ((code === 'unavailable' || code === 'internal') && waiting.tries < TRIES) {
      disarm(waiting);
      waiting.timer = setTimeout(() => this.#try(operation, waiting), between(250, 500 * 2 ** waiting.tries));
      return;
    }
    reportError('edit-refused', code);
    this.#settle(operation, waiting, undefined);
  }

  /** A change that was applied: when it was sent, where another client of these scripts sent it. */
  seen(operation: string, record: number, version: number): number | undefined {
    if (!operation.startsWith(`${PREFIX}-`)) return undefined;
    if (operation.startsWith(this.#own)) {
      this.#noteVersion(operation, record, version);
      return undefined;
    }
    const sentAt = Number.parseInt(operation.slice(operation.lastIndexOf('-') + 1), 36);
    return Number.isFinite(sentAt) ? sentAt : undefined;
  }

  /** At the end: what has no answer will have none. */
  giveUp(): void {
    for (const [operation, waiting] of this.#waiting) {
      reportError('edit-unanswered', operation);
      this.#settle(operation, waiting, undefined);
    }
  }

  #try(operation: string, waiting: Waiting): void {
    disarm(waiting);
    if (!this.#send(waiting.message)) return;
    waiting.tries++;
    waiting.timer = setTimeout(() => this.#expire(operation, waiting), ANSWER_LIMIT_MS);
  }

  #expire(operation: string, waiting: Waiting): void {
    reportError('edit-unanswered', `${operation} for ${ANSWER_LIMIT_MS} ms`);
    if (waiting.tries >= TRIES) this.#settle(operation, waiting, undefined);
    else this.#try(operation, waiting);
  }

  #settle(operation: string, waiting: Waiting, answer: EditAnswer): void {
    disarm(waiting);
    this.#waiting.delete(operation);
    waiting.resolve(answer);
  }

  #noteAccepted(operation: string, { record, version }: { readonly record: number; readonly version: number }): void {
    this.#noteVersion(operation, record, version);
    this.acknowledged.set(record, Math.max(version, this.acknowledged.get(record) ?? 0));
  }

  #noteVersion(operation: string, record: number, version: number): void {
    const known = this.#versions.get(operation);
    if (known === undefined) {
      this.#versions.set(operation, version);
      return;
    }
    if (known === version) return;
    duplicated.add(1);
    console.error(`carried out twice: ${operation} made version ${known} and ${version} of record ${record}`);
  }
}

function disarm(waiting: Waiting): void {
  if (waiting.timer !== undefined) clearTimeout(waiting.timer);
  waiting.timer = undefined;
}
