import { Readable, Writable } from 'node:stream';
import type { OutputStream, Terminal } from '../src/terminal.ts';

/** A terminal whose output a test reads. */
export interface TestTerminal extends Terminal {
  /** Everything written to standard output so far. */
  readonly out: () => string;
  /** Everything written to standard error so far. */
  readonly err: () => string;
}

interface TestTerminalOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** What stands on standard input. */
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Called with each piece of standard output. */
  readonly onOut?: (text: string) => void;
}

export function createTestTerminal(args: readonly string[], options: TestTerminalOptions = {}): TestTerminal {
  const out: string[] = [];
  const err: string[] = [];
  return {
    args,
    env: options.env ?? {},
    stdin: Readable.from(options.input === undefined ? [] : [options.input]),
    stdout: collector(out, options.onOut),
    stderr: collector(err),
    signal: options.signal ?? new AbortController().signal,
    out: () => out.join(''),
    err: () => err.join(''),
  };
}

function collector(texts: string[], onText?: (text: string) => void): OutputStream {
  return new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      const text = String(chunk);
      texts.push(text);
      onText?.(text);
      done();
    },
  });
}
