import type { LiveLock } from '@meldesync/client';
import { type CliContext, printAside } from '../context.ts';
import { createStatusLine } from '../output/status-line.ts';
import type { LockReport } from './lock-report.ts';

/** Shows how a wait for a lock goes on. */
export interface WaitReport {
  /** The wait begins, or others hold it than before. */
  held(locks: readonly LiveLock[]): void;
  /** It is over, however it ended. */
  over(): void;
}

interface WaitInput {
  /** The longest wait; infinite without an end. */
  readonly waitMs: number;
  /** A script reads what `report` says, and nobody watches. */
  readonly json: boolean;
}

const REFRESH_MS = 1_000;

/** Makes one; the wait begins now. On a terminal a line counts it, elsewhere it is said once that there is one. */
export function createWaitReport(
  context: CliContext,
  report: Pick<LockReport, 'held'>,
  { waitMs, json }: WaitInput,
): WaitReport {
  const { t, terminal } = context;
  const statusLine = createStatusLine(terminal.stderr);
  const startedAt = Date.now();
  let timer: NodeJS.Timeout | undefined;
  const isWatched = terminal.stderr.isTTY === true;
  let isFirst = true;

  const show = (): void => {
    const waitedMs = Date.now() - startedAt;
    const waited = clockOf(waitedMs);
    const left = Math.max(0, waitMs - waitedMs);
    statusLine.show(
      Number.isFinite(waitMs) ? t('lock.waited', { waited, left: clockOf(left) }) : t('lock.waitedOnly', { waited }),
    );
  };

  return {
    held(locks) {
      statusLine.clear();
      report.held(locks, true);
      if (json) return;
      if (isFirst && !isWatched) printAside(context, `  ${waitingText(context, waitMs)}`);
      isFirst = false;
      if (!isWatched) return;
      show();
      timer ??= setInterval(show, REFRESH_MS);
    },
    over() {
      clearInterval(timer);
      statusLine.clear();
    },
  };
}

function waitingText({ t }: CliContext, waitMs: number): string {
  return Number.isFinite(waitMs) ? t('lock.waitingAtMost', { most: clockOf(waitMs) }) : t('lock.waiting');
}

/** Minutes and seconds, `1:05`, from an hour on with hours. */
function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const two = (count: number) => String(count).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
