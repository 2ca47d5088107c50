import { Worker } from 'node:worker_threads';
import { EXIT, RunError } from './exit.ts';
import type { ThreadCallName, ThreadCalls, ThreadMessage, ThreadOptions } from './thread/messages.ts';

/** What a thread says by itself. */
export type ThreadReport = Exclude<ThreadMessage, { type: 'reply' | 'refusal' }>;

/** Bounds what a thread's short-lived objects may take: a young generation grows to its limit whatever is alive. */
const YOUNG_GENERATION_MB = 8;

interface Pending {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A thread of the run, seen from the main one. */
export class ThreadLink {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  constructor(file: string, options: ThreadOptions, onReport: (report: ThreadReport) => void) {
    this.#worker = new Worker(file, {
      workerData: options,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.#worker.on('message', (message: ThreadMessage) => this.#receive(message, onReport));
    this.#worker.on('error', (error) =>
      this.#break(new RunError(`a thread broke: ${error.stack ?? error.message}`, EXIT.failed)),
    );
    this.#worker.on('exit', () => this.#break(new RunError('a thread ended by itself', EXIT.failed)));
  }

  #receive(message: ThreadMessage, onReport: (report: ThreadReport) => void): void {
    if (message.type !== 'reply' && message.type !== 'refusal') {
      onReport(message);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === 'reply') pending?.resolve(message.output);
    else pending?.reject(new RunError(message.message, message.exitCode));
  }

  #break(error: RunError): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  /** @throws RunError where the script or the thread fails */
  call<Name extends ThreadCallName>(
    name: Name,
    input: ThreadCalls[Name]['input'],
  ): Promise<ThreadCalls[Name]['output']> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (output: unknown) => void, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, and no window
      this.#worker.postMessage({ id, name, input });
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
