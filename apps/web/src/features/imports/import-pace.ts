import { hasImportEnded, type ImportSummary } from '@meldesync/protocol';
import { rowsRead } from './import-list.ts';

/** An import as it was at a moment (epoch milliseconds). */
export interface ProgressSample {
  readonly at: number;
  readonly rows: number;
  readonly progress: number;
}

/** How fast a file is read. */
export interface ImportPace {
  readonly rowsPerSecond: number;
  /** Null until it can be estimated, and for a file that has ended. */
  readonly secondsLeft: number | null;
}

/** Less than this says nothing about the pace. */
const SHORTEST_SPAN_MS = 500;

export function sampleOf(summary: ImportSummary, at: number): ProgressSample {
  return { at, rows: rowsRead(summary), progress: summary.progress };
}

/** The pace between two samples of a running import; null while it cannot be said. */
export function paceBetween(first: ProgressSample, latest: ProgressSample): ImportPace | null {
  const spanMs = latest.at - first.at;
  if (spanMs < SHORTEST_SPAN_MS) return null;
  const gained = latest.progress - first.progress;
  return {
    rowsPerSecond: Math.round(((latest.rows - first.rows) * 1000) / spanMs),
    secondsLeft: gained > 0 ? Math.ceil(((1 - latest.progress) * spanMs) / gained / 1000) : null,
  };
}

/** Seconds from the upload to the end; null before it has ended. */
export function durationSeconds(summary: ImportSummary): number | null {
  if (!hasImportEnded(summary) || summary.finishedAt === null) return null;
  return Math.max(0, (Date.parse(summary.finishedAt) - Date.parse(summary.createdAt)) / 1000);
}
