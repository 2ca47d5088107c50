import type { HttpResponse } from 'uWebSockets.js';
import type { ErrorCode } from '@meldesync/protocol';
import { closing, guarded } from './guard.ts';

/** How large a body may be. */
export interface BodyLimit {
  readonly maxBytes: number;
  /** Why a larger one is refused. */
  readonly otherwise: ErrorCode;
}

/** The bytes of a body, or why there are none. */
export type Body = Uint8Array<ArrayBuffer> | { readonly refused: ErrorCode };

/** How much of bodies a node holds at the same time, whoever sends them. */
export class HeldBytes {
  readonly #max: number;
  #held = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** False when there is no room for so many more. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.#max) return false;
    this.#held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}

/** A body that is refused is still read up to here, so that the client hears the answer instead of a broken pipe. */
const MAX_DISCARDED_BYTES = 512 * 1024 * 1024;

interface IncomingBodyOptions {
  /** Where it is a promise, that never rejects; the client has to wait meanwhile with all but what is there already. */
  readonly limit: BodyLimit | Promise<BodyLimit>;
  readonly held: HeldBytes;
  /** Called unless the request is aborted. */
  readonly done: (body: Body) => void;
  readonly onError: (error: unknown) => void;
}

/** A body on its way in. */
export class IncomingBody {
  readonly #response: HttpResponse;
  readonly #held: HeldBytes;
  readonly #done: (body: Body) => void;
  #limit: BodyLimit | undefined;
  #refused: ErrorCode | undefined;
  #chunks: Buffer[] = [];
  #received = 0;
  #kept = 0;
  #isComplete = false;
  #isAborted = false;

  /** Reads the body of a request whose callback is running. */
  constructor(response: HttpResponse, { limit, held, done, onError }: IncomingBodyOptions) {
    this.#response = response;
    this.#held = held;
    this.#done = done;
    const failed = (error: unknown) => closing(onError)(error, response);
    response.onData(guarded((chunk: ArrayBuffer, isLast: boolean) => this.#add(chunk, isLast), failed));
    if (!(limit instanceof Promise)) {
      this.#limit = limit;
      return;
    }
    response.pause();
    void limit.then(guarded((known: BodyLimit) => this.#goOn(known), failed));
  }

  /** The request is over before its body was: uWS allows no more use of the response. */
  abort(): void {
    this.#isAborted = true;
    this.release();
  }

  /** The bytes are needed no more. */
  release(): void {
    this.#chunks = [];
    this.#held.give(this.#kept);
    this.#kept = 0;
  }

  #goOn(limit: BodyLimit): void {
    if (this.#isAborted) return;
    this.#limit = limit;
    if (this.#received > limit.maxBytes) this.#refuse(limit.otherwise);
    this.#response.resume();
    this.#finish();
  }

  #add(chunk: ArrayBuffer, isLast: boolean): void {
    this.#received += chunk.byteLength;
    this.#isComplete = isLast;
    if (this.#received > MAX_DISCARDED_BYTES) this.#response.close();
    else if (this.#limit && this.#received > this.#limit.maxBytes) this.#refuse(this.#limit.otherwise);
    else if (!this.#refused) this.#keep(chunk);
    this.#finish();
  }

  #keep(chunk: ArrayBuffer): void {
    if (!this.#held.take(chunk.byteLength)) {
      this.#refuse('unavailable');
      return;
    }
    this.#kept += chunk.byteLength;
    // The chunk dies with the callback: it is copied.
    this.#chunks.push(Buffer.from(new Uint8Array(chunk)));
  }

  /** What is there is given up, and what comes is thrown away. */
  #refuse(code: ErrorCode): void {
    this.#refused ??= code;
    this.release();
  }

  #finish(): void {
    if (!this.#isComplete || !this.#limit || this.#isAborted) return;
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#done(this.#refused ? { refused: this.#refused } : Buffer.concat(chunks));
  }
}
