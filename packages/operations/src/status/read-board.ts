import type { Posted, StatusBoard } from '@meldesync/bus';
import { type ReportUnreadable, readJson } from '@meldesync/protocol';
import type { z } from 'zod';
import type { NotedPoint } from './merge-history.ts';
import { historyPoint, type ProcessStatus, processStatus } from './process-status.ts';

/** How a process was, and when Redis heard so, in epoch milliseconds. */
export interface SeenStatus {
  readonly process: string;
  readonly seenAt: number;
  readonly status: ProcessStatus;
}

/** How all processes are; what cannot be read is left out. Rejects with a `BusUnavailableError` where Redis does not answer. */
export async function readStatuses(board: StatusBoard, onUnreadable: ReportUnreadable): Promise<SeenStatus[]> {
  const posted = await board.read();
  return readable(processStatus, posted, onUnreadable, ({ process, at }, status) => ({ process, seenAt: at, status }));
}

/** The points of all processes; as `readStatuses`. */
export async function readHistory(board: StatusBoard, onUnreadable: ReportUnreadable): Promise<NotedPoint[]> {
  const posted = await board.history();
  return readable(historyPoint, posted, onUnreadable, ({ process, at }, point) => ({ process, at, point }));
}

function readable<T, Result>(
  schema: z.ZodType<T>,
  posted: readonly Posted[],
  onUnreadable: ReportUnreadable,
  make: (posted: Posted, value: T) => Result,
): Result[] {
  return posted.flatMap((one) => {
    const reading = readJson(schema, one.text);
    if ('value' in reading) return [make(one, reading.value)];
    onUnreadable({ place: 'status-board', reason: reading.unreadable });
    return [];
  });
}
