import type { HttpResponse } from 'uWebSockets.js';
import type { ErrorCode } from '@meldesync/protocol';
import type { HeldBytes, Holder } from '../budgets/held-bytes.ts';
import type { NodeRuntime, Timer } from '../runtime.ts';
import { closing, guarded } from './guard.ts';

/** How large a body may be. */
export interface BodyLimit {
  readonly maxBytes: number;
  /** Why a larger one is refused. */
  readonly otherwise: ErrorCode;
  /** On whose account it is held. */
  readonly holder: Holder;
}

/** The bytes of a body, or why there are none. */
export type Body = Uint8Array<ArrayBuffer> | { readonly refused: ErrorCode };

/** Whose a body is while that is looked up: what has come by then waits in one account of all. */
const NOT_KNOWN_YET: Holder = { kind: 'unknown', key: '' };
/** How often it is looked at whether a body comes fast enough. */
export const LOOK_EVERY_MS = 5_000;
/** Who sends nothing for so long, or less than this a second after that, is not waited for; nobody is for longer than that. */
const PATIENCE_MS = 10_000;
const LEAST_BYTES_PER_SECOND = 4 * 1024;
const MOST_MS = 10 * 60_000;

/**
 * Who was refused hears it even while still sending: what comes then is thrown away, so much of it and for so long. A connection
 * that ends on unread bytes takes the answer with it.
 */
const MAX_DISCARDED_BYTES = 1024 * 1024;
const MAX_DISCARDING_MS = 2_000;

interface IncomingBodyOptions {
  /** Where it is a promise, that never rejects; the client has to wait meanwhile with all but what is there already. */
  readonly limit: BodyLimit | Promise<BodyLimit>;
  /** How long the client says that the body is; undefined where it does not say. */
  readonly declaredBytes: number | undefined;
  readonly held: HeldBytes;
  /** Called once, unless the request is aborted: with the whole body, or as soon as it is refused. */
  readonly done: (body: Body) => void;
  readonly onError: (error: unknown) => void;
  readonly runtime: Pick<NodeRuntime, 'after' | 'soon'>;
}

/** A body on its way in. Whoever lets it stall holds nothing for long. */
export class IncomingBody {
  readonly #response: HttpResponse;
  readonly #options: IncomingBodyOptions;
  readonly #failed: (error: unknown) => void;
  #limit: BodyLimit | undefined;
  #holder = NOT_KNOWN_YET;
  #look: Timer | undefined;
  #awaitedMs = 0;
  #refused: ErrorCode | undefined;
  #chunks: Buffer[] = [];
  #received = 0;
  #kept = 0;
  #discarded = 0;
  #isComplete = false;
  #isDone = false;
  #isAborted = false;
  /** Runs from the answer to a body that was still coming. */
  #ending: Timer | undefined;

  constructor(response: HttpResponse, options: IncomingBodyOptions) {
    this.#response = response;
    this.#options = options;
    this.#failed = (error) => closing(options.onError)(error, response);
  }

  /** Nothing more of it comes. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Reads the body; the callback of its request must still be running. */
  read(): void {
    const { limit } = this.#options;
    const response = this.#response;
    response.onData(guarded((chunk: ArrayBuffer, isLast: boolean) => this.#add(chunk, isLast), this.#failed));
    this.#lookLater();
    if (!(limit instanceof Promise)) {
      this.#apply(limit);
      return;
    }
    response.pause();
    const goOn = (known: BodyLimit) => {
      if (this.#isAborted) return;
      response.resume();
      this.#apply(known);
    };
    void limit.then(guarded(goOn, this.#failed));
  }

  /** The answer is out before the body was in: the connection ends once the client had a chance to read it. */
  endAfterAnswer(): void {
    this.#ending = this.#options.runtime.after(MAX_DISCARDING_MS, () => this.#end());
    this.#endIfHeard();
  }

  /** The request is over before its body was: uWS allows no more use of the response. */
  abort(): void {
    this.#isAborted = true;
    this.#ending?.cancel();
    this.#look?.cancel();
    this.release();
  }

  /** The bytes are needed no more. */
  release(): void {
    this.#chunks = [];
    this.#options.held.give(this.#holder, this.#kept);
    this.#kept = 0;
  }

  #lookLater(): void {
    this.#look = this.#options.runtime.after(
      LOOK_EVERY_MS,
      guarded(() => this.#lookAtPace(), this.#failed),
    );
  }

  #lookAtPace(): void {
    if (this.#isDone || this.#isAborted) return;
    this.#awaitedMs += LOOK_EVERY_MS;
    const least = ((this.#awaitedMs - PATIENCE_MS) / 1_000) * LEAST_BYTES_PER_SECOND;
    if (this.#limit && (this.#received < least || this.#awaitedMs > MOST_MS)) {
      this.#refuse('request-too-slow');
      this.#finish();
    } else this.#lookLater();
  }

  #apply(limit: BodyLimit): void {
    this.#limit = limit;
    this.#holdAs(limit.holder);
    if (Math.max(this.#received, this.#options.declaredBytes ?? 0) > limit.maxBytes) this.#refuse(limit.otherwise);
    this.#finish();
  }

  #add(chunk: ArrayBuffer, isLast: boolean): void {
    this.#received += chunk.byteLength;
    this.#isComplete = isLast;
    if (this.#refused) this.#discarded += chunk.byteLength;
    else if (this.#limit && this.#received > this.#limit.maxBytes) this.#refuse(this.#limit.otherwise);
    else this.#keep(chunk);
    this.#finish();
    this.#endIfHeard();
  }

  /** It is known whose it is. */
  #holdAs(holder: Holder): void {
    const bytes = this.#kept;
    this.#options.held.give(this.#holder, bytes);
    this.#holder = holder;
    this.#kept = 0;
    this.#take(bytes);
  }

  #take(bytes: number): void {
    const taken = this.#options.held.take(this.#holder, bytes);
    if (taken === 'taken') this.#kept += bytes;
    else this.#refuse(taken === 'full' ? 'unavailable' : 'rate-limited');
  }

  #keep(chunk: ArrayBuffer): void {
    this.#take(chunk.byteLength);
    if (this.#refused) return;
    // The chunk dies with the callback: it is copied.
    this.#chunks.push(Buffer.from(new Uint8Array(chunk)));
  }

  /** What is there is given up, and what comes is thrown away. */
  #refuse(code: ErrorCode): void {
    this.#refused ??= code;
    this.release();
  }

  #finish(): void {
    if (this.#isDone || this.#isAborted || !this.#limit || !(this.#isComplete || this.#refused)) return;
    this.#isDone = true;
    this.#look?.cancel();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#options.done(this.#refused ? { refused: this.#refused } : Buffer.concat(chunks));
  }

  #endIfHeard(): void {
    if (!this.#ending || this.#isAborted) return;
    // Not while uWS is at work on what has come: it may still hold the answer back.
    if (this.#isComplete || this.#discarded > MAX_DISCARDED_BYTES) this.#options.runtime.soon(() => this.#end());
  }

  #end(): void {
    if (!this.#isAborted) guarded(() => this.#response.close(), this.#failed)();
  }
}
