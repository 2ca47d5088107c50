import { SyncError } from '@meldesync/client';
import { describeError, type ErrorCode } from '@meldesync/protocol';
import { CliError, EXIT_OF_ERROR } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Language } from './messages/language.ts';
import { type Translate, translateError } from './messages/translator.ts';

/** What a person and the shell get to know of an error. */
export interface Failure {
  /** The name of the error, for scripts: of the service's catalogue, or of the terminal's own, `target-not-found`. */
  readonly code: string;
  /** One sentence. */
  readonly sentence: string;
  readonly exitCode: ExitCode;
  /** How long to wait before it is of use to try again; null where nobody said. */
  readonly retryAfterMs: number | null;
}

/** Turns whatever was thrown into a sentence and an exit code. */
export function describeFailure(error: unknown, t: Translate, language: Language): Failure {
  const known = firstKnown(error);
  if (known instanceof SyncError) {
    const { code, retryAfterMs } = known;
    return { code, sentence: sentenceOf(known, t, language), exitCode: exitOfCode(code), retryAfterMs };
  }
  const { key, params } = known ?? new CliError('unexpected');
  return {
    code: kebab(key),
    sentence: translateError(t, key, params),
    exitCode: EXIT_OF_ERROR[key],
    retryAfterMs: null,
  };
}

/** What `--json` prints on standard error in place of the sentence: one line, of the same shape whatever went wrong. */
export function failureToJson({ code, sentence, exitCode, retryAfterMs }: Failure): object {
  return { error: { code, message: sentence, exitCode, retryAfterMs } };
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** What the service says, and where it holds people up, for how long. */
function sentenceOf({ code, retryAfterMs }: SyncError, t: Translate, language: Language): string {
  const sentence = describeError(code, language);
  if (code !== 'rate-limited' || retryAfterMs === null) return sentence;
  return `${sentence} ${t('tryAgainIn', { seconds: Math.ceil(retryAfterMs / 1_000) })}`;
}

const DENIED: ReadonlySet<ErrorCode> = new Set([
  'unauthenticated',
  'credentials-wrong',
  'forbidden',
  'reauthentication-needed',
  'second-factor-needed',
  'password-wrong',
]);

/** The exit code for an error that the service reports. */
export function exitOfCode(code: ErrorCode): ExitCode {
  if (code === 'version-conflict') return EXIT.conflict;
  if (code === 'record-locked') return EXIT.locked;
  return DENIED.has(code) ? EXIT.denied : EXIT.failure;
}

/** The client library wraps what `fetch` threw; our own error below says more than its wrapper. */
function firstKnown(error: unknown): CliError | SyncError | undefined {
  let found: SyncError | undefined;
  for (let current = error, depth = 0; current instanceof Error && depth < 8; current = current.cause, depth++) {
    if (current instanceof CliError) return current;
    if (current instanceof SyncError) found ??= current;
  }
  return found;
}
