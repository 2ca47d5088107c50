import type { ClientRuntime } from '../types/environment.ts';
import { BUSY_MS, CATCH_UP_MS } from './busy.ts';

/** An answer begins to come within this time, unless the line swallows it; a service that is slow gets twice the time with each question. */
export const FIRST_PATIENCE_MS = 6_000;

/** Asks for pages, and once more where nothing comes: `fetch` may take up a connection again that has died without a word. */
export interface Patience {
  /**
   * Asks until an answer begins to come, of which `onBegun` is to be told, or the signal aborts. For questions that may be asked twice,
   * and that the service answers together.
   */
  ask<T>(signal: AbortSignal, question: (signal: AbortSignal, onBegun: () => void) => Promise<T>): Promise<T>;
  /** There is a way to the service again: what was asked before, and of which nothing has come, is asked anew. */
  renew(): void;
}

/** Why a question is asked once more. */
const AGAIN = Symbol('again');

/** Makes one that has asked nothing yet. */
export function createPatience(runtime: Pick<ClientRuntime, 'now' | 'setTimeout' | 'clearTimeout'>): Patience {
  const waiting = new Set<AbortController>();

  /** Calls back at the limit, and a moment later where the program was busy then: it hears first what has come. */
  const atLimit = (limitMs: number, act: () => void): (() => void) => {
    const due = runtime.now() + limitMs;
    let timer = runtime.setTimeout(() => {
      if (runtime.now() - due <= BUSY_MS) act();
      else timer = runtime.setTimeout(act, CATCH_UP_MS);
    }, limitMs);
    return () => runtime.clearTimeout(timer);
  };

  const askOnce: <T>(...[signal, question, limitMs]: [...Parameters<typeof ask<T>>, number]) => Promise<T> = async (
    signal,
    question,
    limitMs,
  ) => {
    const controller = new AbortController();
    const pass = (): void => controller.abort(signal.reason);
    const stop = atLimit(limitMs, () => controller.abort(AGAIN));
    const begun = (): void => {
      waiting.delete(controller);
      stop();
    };
    waiting.add(controller);
    signal.addEventListener('abort', pass);
    if (signal.aborted) pass();
    try {
      return await question(controller.signal, begun);
    } catch (error) {
      throw controller.signal.reason === AGAIN ? AGAIN : error;
    } finally {
      begun();
      signal.removeEventListener('abort', pass);
    }
  };

  async function ask<T>(
    signal: AbortSignal,
    question: (signal: AbortSignal, onBegun: () => void) => Promise<T>,
  ): Promise<T> {
    for (let limitMs = FIRST_PATIENCE_MS; ; limitMs *= 2) {
      try {
        return await askOnce(signal, question, limitMs);
      } catch (error) {
        if (error !== AGAIN) throw error;
        signal.throwIfAborted();
      }
    }
  }

  return {
    ask,
    renew() {
      for (const controller of waiting) controller.abort(AGAIN);
    },
  };
}
