import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { SummaryFiles } from './thread/messages.ts';

/** Writes what `handleSummary` gave: to the streams and files that it names. */
export function writeSummaryFiles(files: SummaryFiles): void {
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === 'string' ? content : Buffer.from(content);
    if (name === 'stdout') process.stdout.write(bytes);
    else if (name === 'stderr') process.stderr.write(bytes);
    else {
      const file = resolve(name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
  }
}
