import type { Unsubscribe } from '../types/unsubscribe.ts';

/** Told about every error that has no caller to throw it to. */
export type ReportError = (error: Error) => void;

/** Listeners of one kind of event. */
export interface Emitter<T> {
  emit(value: T): void;
  subscribe(listener: (value: T) => void): Unsubscribe;
}

/**
 * Makes an emitter. A listener that throws is reported and neither stops the others nor reaches the one who emits. What
 * a listener causes to be emitted comes after what is being emitted: all of them hear everything in the same order.
 */
export function createEmitter<T>(report: ReportError): Emitter<T> {
  const listeners = new Set<{ readonly call: (value: T) => void }>();
  const queue: T[] = [];
  let isEmitting = false;

  const tell = (value: T): void => {
    for (const listener of listeners) {
      try {
        listener.call(value);
      } catch (error) {
        report(error instanceof Error ? error : new Error('A listener threw something that is no error.'));
      }
    }
  };

  return {
    emit(value) {
      queue.push(value);
      if (isEmitting) return;
      isEmitting = true;
      try {
        while (queue.length > 0) for (const next of queue.splice(0)) tell(next);
      } finally {
        isEmitting = false;
      }
    },
    subscribe(call) {
      const listener = { call };
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
