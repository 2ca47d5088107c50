import { ProtocolViolation, SyncError } from '@meldesync/client';
import { CliError } from '../errors.ts';

/**
 * An error and its causes: names, codes and stacks. Case ids and Vorgangsnummern stay out of it, so that it can be passed
 * on: parameters and problem details are left out, and so are messages that may quote what was read.
 */
export function describeForDebug(error: unknown): string {
  const lines: string[] = [];
  for (let current = error, depth = 0; current instanceof Error && depth < 8; current = current.cause, depth++) {
    lines.push(`${depth === 0 ? '' : 'cause: '}${headOf(current)}`, ...framesOf(current));
  }
  return lines.join('\n') || typeof error;
}

function headOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? ` [${error.code}]` : '';
  const isOurs = error instanceof CliError || error instanceof SyncError || error instanceof ProtocolViolation;
  return `${error.name}${code}${isOurs ? `: ${error.message}` : ''}`;
}

function framesOf({ stack = '' }: Error): string[] {
  return stack.split('\n').filter((line) => /^\s+at /.test(line));
}
