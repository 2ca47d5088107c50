import { type Attend, MAX_RECORDS_PER_LOCK } from '@meldesync/protocol';
import type { MessageBudget } from '../edits/message-budget.ts';
import type { ClientRuntime } from '../types/environment.ts';

/** What is open is told at most this often: somebody who leafs through the list passes many cases. */
export const ATTEND_EVERY_MS = 250;

/** Tells the server which records the person has open: the latest, on every connection, and no more often than needed. */
export interface Attendance {
  /** Remembered while there is no connection. Of more records than a case can have the first are told. */
  attend(records: readonly number[]): void;
  online(send: (message: string) => void): void;
  offline(): void;
}

interface AttendanceInput {
  readonly runtime: ClientRuntime;
  readonly budget: MessageBudget;
}

/** Makes an attendance of nothing. */
export function createAttendance({ runtime, budget }: AttendanceInput): Attendance {
  let wanted: readonly number[] = [];
  /** What the server of this connection knows; it begins with nothing. */
  let told: readonly number[] = [];
  let send: ((message: string) => void) | null = null;
  let timer: unknown = null;

  const tell = (): void => {
    if (!send || timer !== null || isSame(wanted, told)) return;
    if (budget.spend()) {
      told = wanted;
      const message: Attend = { type: 'attend', records: [...wanted] };
      send(JSON.stringify(message));
    }
    timer = runtime.setTimeout(() => {
      timer = null;
      tell();
    }, ATTEND_EVERY_MS);
  };

  return {
    attend(records) {
      wanted = [...new Set(records)].slice(0, MAX_RECORDS_PER_LOCK).sort((a, b) => a - b);
      tell();
    },
    online(newSend) {
      send = newSend;
      told = [];
      tell();
    },
    offline() {
      send = null;
      if (timer !== null) runtime.clearTimeout(timer);
      timer = null;
    },
  };
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((record, i) => record === b[i]);
}
