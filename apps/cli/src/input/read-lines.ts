import { addAbortSignal } from 'node:stream';
import { CliError } from '../errors.ts';
import type { Terminal } from '../terminal.ts';

/** Reads standard input to its end, as lines: how a script passes secrets. Throws `interrupted` on Ctrl-C. */
export async function readLines({ stdin, signal }: Pick<Terminal, 'stdin' | 'signal'>): Promise<string[]> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of addAbortSignal(signal, stdin)) chunks.push(Buffer.from(chunk as Uint8Array | string));
  } catch (error) {
    throw signal.aborted ? new CliError('interrupted', {}, { cause: error }) : error;
  }
  return Buffer.concat(chunks).toString('utf8').split(/\r?\n/);
}
