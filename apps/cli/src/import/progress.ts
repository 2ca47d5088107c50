import { SingleBar } from 'cli-progress';
import type { CliContext } from '../context.ts';
import { printable, truncate } from '../output/text.ts';
import type { SourceFile } from './collect-files.ts';
import type { FileProgress } from './import-file.ts';

/** A bar over all files of an import; silent where nobody looks. */
export interface ImportProgressBar {
  update(source: SourceFile, progress: FileProgress): void;
  /** Writes something above the bar. */
  interrupt(write: () => void): void;
  stop(): void;
}

/** What a file counts at least: an import of a small file takes its moment too. */
const SMALLEST_WEIGHT_BYTES = 4_096;
const STEPS = 1_000;

export function createProgressBar(
  { terminal, t, errorStyle }: CliContext,
  sources: readonly SourceFile[],
): ImportProgressBar {
  const { stderr } = terminal;
  if (stderr.isTTY !== true || sources.length === 0) {
    return { update: () => undefined, interrupt: (write) => write(), stop: () => undefined };
  }
  const weight = (source: SourceFile) => Math.max(source.sizeBytes, SMALLEST_WEIGHT_BYTES);
  const total = sources.reduce((sum, source) => sum + weight(source), 0);
  const states = new Map<SourceFile, FileProgress>();
  const width = stderr.columns || 80;
  const barWidth = Math.max(10, Math.min(30, Math.floor(width / 4)));
  const bar = new SingleBar({
    stream: stderr,
    format: `${errorStyle.cyan('{bar}')} {percentage} %  {files}  {current}`,
    barsize: barWidth,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    linewrap: false,
    // Ctrl-C is ours: the bar ends with the import.
    gracefulExit: false,
  });

  const payload = () => {
    const done = [...states.values()].filter(({ phase }) => phase === 'ended').length;
    const files = t('import.progress', { done, total: sources.length });
    const [current] = [...states]
      .filter(([, { phase }]) => phase !== 'ended')
      .map(([source, { phase }]) => {
        const text = phaseText(phase);
        return `${printable(source.name)} ${text}`;
      });
    return { files, current: truncate(current ?? '', Math.max(8, width - barWidth - files.length - 12)) };
  };
  const phaseText = (phase: FileProgress['phase']) => {
    if (phase === 'uploading') return t('import.stateUploading');
    return phase === 'queued' ? t('import.stateQueued') : t('import.stateRunning');
  };

  bar.start(STEPS, 0, payload());
  return {
    update: (source, progress) => {
      states.set(source, progress);
      let done = 0;
      for (const [each, { fraction }] of states) done += weight(each) * fraction;
      bar.update(Math.floor((done / total) * STEPS), payload());
    },
    interrupt: (write) => {
      // The bar is drawn anew with its next step, on the line below.
      stderr.write('\r\u001b[K');
      write();
    },
    stop: () => bar.stop(),
  };
}
