import { PassThrough, Readable, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
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
  /** A person sits there, who types one of these at each question. */
  readonly answers?: readonly string[];
  readonly openKeyring?: Terminal['openKeyring'];
}

export function createTestTerminal(args: readonly string[], options: TestTerminalOptions = {}): TestTerminal {
  const out: string[] = [];
  const err: string[] = [];
  const person = options.answers === undefined ? undefined : createPerson(options.answers);
  return {
    args,
    env: options.env ?? {},
    stdin: person?.stdin ?? Readable.from(options.input === undefined ? [] : [options.input]),
    stdout: collector(out, options.onOut),
    stderr:
      person === undefined ? collector(err) : Object.assign(collector(err, person.read), { isTTY: true, columns: 200 }),
    signal: options.signal ?? new AbortController().signal,
    leaveInterrupts: () => undefined,
    endWithReader: () => undefined,
    ...(options.openKeyring && { openKeyring: options.openKeyring }),
    out: () => out.join(''),
    err: () => err.join(''),
  };
}

/** Answers whatever ends like a question. */
function createPerson(answers: readonly string[]) {
  const left = [...answers];
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  return {
    stdin,
    read: (text: string) => {
      if (/[?:] $/.test(stripVTControlCharacters(text)))
        setImmediate(() => stdin.write(`${left.shift() ?? '\u0003'}\r`));
    },
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
