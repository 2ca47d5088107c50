import type { Unsubscribe } from '../types.ts';

/** Told about every error that has no caller to throw it to. */
export type ReportError = (error: Error) => void;

/** Listeners of one kind of event. */
export interface Emitter<T> {
  emit(value: T): void;
  subscribe(listener: (value: T) => void): Unsubscribe;
}

/** Makes an emitter. A listener that throws is reported and neither stops the others nor reaches the one who emits. */
export function createEmitter<T>(report: ReportError): Emitter<T> {
  const listeners = new Set<{ readonly call: (value: T) => void }>();
  return {
    emit(value) {
      for (const listener of listeners) {
        try {
          listener.call(value);
        } catch (error) {
          report(error instanceof Error ? error : new Error('A listener threw something that is no error.'));
        }
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
