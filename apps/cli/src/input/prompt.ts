import { createInterface } from 'node:readline';
import { addAbortSignal, Writable } from 'node:stream';
import { CliError } from '../errors.ts';
import { steady } from '../output/text.ts';
import type { Terminal } from '../terminal.ts';

/** Whether somebody can answer a question. */
export function canAsk(terminal: Terminal): boolean {
  return terminal.stdin.isTTY === true && terminal.stderr.isTTY === true;
}

/** Asks on standard error, so that standard output stays free for the result. Throws `interrupted` on Ctrl-C. */
export function ask(terminal: Terminal, question: string, suggestion = ''): Promise<string> {
  const asked = suggestion === '' ? question : `${question}[${suggestion}] `;
  return readAnswer(terminal, steady(asked), terminal.stderr).then((answer) => answer.trim() || suggestion);
}

/** Asks without showing what is typed. */
export async function askSecret(terminal: Terminal, question: string): Promise<string> {
  terminal.stderr.write(steady(question));
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await readAnswer(terminal, '', nowhere);
  } finally {
    terminal.stderr.write('\n');
  }
}

/**
 * Reads standard input to its end and takes the first line: how a script passes a password. Throws `interrupted` on
 * Ctrl-C.
 */
export async function readFirstLine({ stdin, signal }: Terminal): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of addAbortSignal(signal, stdin)) chunks.push(Buffer.from(chunk as Uint8Array | string));
  } catch (error) {
    throw signal.aborted ? new CliError('interrupted', {}, { cause: error }) : error;
  }
  return Buffer.concat(chunks).toString('utf8').split(/\r?\n/, 1)[0] ?? '';
}

function readAnswer(terminal: Terminal, question: string, output: NodeJS.WritableStream): Promise<string> {
  const lines = createInterface({
    input: terminal.stdin,
    output,
    terminal: true,
    historySize: 0,
    signal: terminal.signal,
  });
  return new Promise((resolve, reject) => {
    let answer: string | undefined;
    lines.question(question, (line) => {
      answer = line;
      lines.close();
    });
    lines.on('SIGINT', () => lines.close());
    lines.on('close', () => {
      if (answer !== undefined) {
        resolve(answer);
        return;
      }
      output.write('\n');
      reject(new CliError('interrupted'));
    });
  });
}
