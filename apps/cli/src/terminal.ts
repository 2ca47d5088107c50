import type { Readable } from 'node:stream';
import type { Keyring } from './session/keyring.ts';

/** Where output goes: `process.stdout` and `process.stderr`, or something that a test reads. */
export interface OutputStream extends NodeJS.WritableStream {
  /** True when a person looks at it. */
  readonly isTTY?: boolean;
  /** Width in characters, only on a terminal; 0 on one that does not know its size. */
  readonly columns?: number;
  /** Its height in lines, only on a terminal. */
  readonly rows?: number;
}

/** Where input comes from: `process.stdin`. */
type InputStream = Readable & { readonly isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };

/** Everything a command takes from its process, so that it can run without one. */
export interface Terminal {
  /** Arguments after the program's name. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Aborted by Ctrl-C and by SIGTERM; the reason is the name of the signal. */
  readonly signal: AbortSignal;
  /** From now on Ctrl-C is for a program that runs in this terminal, and hears of it itself. */
  readonly leaveInterrupts: () => void;
  /** From now on the command is done when nobody reads its output any more: it changes nothing and holds nothing. */
  readonly endWithReader: () => void;
  /** The system's store of secrets; a process without one keeps them in a file. */
  readonly openKeyring?: () => Promise<Keyring | undefined>;
}
