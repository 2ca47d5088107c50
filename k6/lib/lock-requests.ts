import { clearTimeout, setTimeout } from 'k6/timers';
import type { DownMessage, Lock, UpMessage } from './messages.ts';
import { reportError } from './metrics.ts';

const ANSWER_LIMIT_MS = 8_000;

type Answer = { readonly said: 'granted'; readonly lock: Lock } | { readonly said: 'held' | 'unlocked' | 'failed' };

/** Questions for locks that wait for their answer (P29). */
export class LockRequests {
  /** False where there is no connection. */
  readonly #send: (message: UpMessage) => boolean;
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  #count = 0;

  constructor(send: (message: UpMessage) => boolean) {
    this.#send = send;
  }

  /** Undefined where somebody else has some of them, or there was no answer. */
  async lock(records: readonly number[]): Promise<Lock | undefined> {
    const answer = await this.#ask((request) => ({ type: 'lock', request, records }));
    return answer.said === 'granted' ? answer.lock : undefined;
  }

  async unlock({ lock }: Lock): Promise<void> {
    await this.#ask((request) => ({ type: 'unlock', request, lock }));
  }

  /** Whether the message answered one of them. */
  hear(message: DownMessage): boolean {
    if (message.type === 'lock-granted') return this.#answer(message.request, { said: 'granted', lock: message.lock });
    if (message.type === 'lock-held') return this.#answer(message.request, { said: 'held' });
    if (message.type === 'unlocked') return this.#answer(message.request, { said: 'unlocked' });
    if (message.type !== 'error' || message.request === undefined) return false;
    // A lock ends by itself while its holder is away; where locks cannot be had, editing goes on (P31).
    const isExpected = message.code === 'lock-not-found' || message.code === 'locks-unavailable';
    if (!isExpected) reportError('lock-refused', message.code);
    return this.#answer(message.request, { said: 'failed' });
  }

  /** What was asked for on a connection that has ended is not answered any more. */
  rest(): void {
    for (const resolve of this.#waiting.values()) resolve({ said: 'failed' });
  }

  #ask(message: (request: string) => UpMessage): Promise<Answer> {
    this.#count++;
    const request = `r${this.#count}`;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        reportError('lock-unanswered', `${request} for ${ANSWER_LIMIT_MS} ms`);
        this.#answer(request, { said: 'failed' });
      }, ANSWER_LIMIT_MS);
      this.#waiting.set(request, (answer) => {
        clearTimeout(timer);
        this.#waiting.delete(request);
        resolve(answer);
      });
      if (!this.#send(message(request))) this.#answer(request, { said: 'failed' });
    });
  }

  #answer(request: string, answer: Answer): boolean {
    const resolve = this.#waiting.get(request);
    resolve?.(answer);
    return resolve !== undefined;
  }
}
