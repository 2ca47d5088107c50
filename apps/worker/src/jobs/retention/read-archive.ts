import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { textLines } from '@meldesync/audit';
import { type ArchivedEntry, archiveLine } from './archive-line.ts';

/** A line of an archive as it is read. */
interface ReadLine {
  /** As it stands there. */
  readonly text: string;
  /** Null where it is a link of the chain, or half a line. */
  readonly entry: ArchivedEntry | null;
  /** False for a last line within which whoever wrote it was cut off. */
  readonly isWhole: boolean;
}

/** A line that is none of an archive. It says where, and nothing of what stands there. */
class UnreadableArchive extends Error {
  override readonly name = 'UnreadableArchive';

  constructor(file: string, line: number) {
    super(`line ${line} of ${file} is none of an archive`);
  }
}

/** Reads an archive line by line. Throws UnreadableArchive. */
export async function* readArchive(path: string): AsyncGenerator<ReadLine> {
  let number = 0;
  for await (const { text, isWhole } of textLines(createReadStream(path))) {
    number += 1;
    if (!isWhole) {
      yield { text, entry: null, isWhole };
      continue;
    }
    const line = archiveLine.safeParse(parsed(text));
    if (!line.success) throw new UnreadableArchive(basename(path), number);
    yield { text, entry: line.data.line === 'entry' ? line.data : null, isWhole };
  }
}

/** Undefined where it is no JSON: what JSON.parse says of it quotes it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
