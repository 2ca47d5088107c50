import type { ErrorCode } from '@meldesync/protocol';
import { CodedError, type ProblemExtra } from '../coded-error.ts';

/**
 * What an error of the database says about when to try again: it gave up on a statement that takes too long; it could not be
 * reached or broke off; what was to be done could not be put on record; or nothing of the kind.
 */
export type DatabaseTrouble = 'overdue' | 'outage' | 'unrecorded' | undefined;

/** What a request that failed is answered with, over HTTP and WebSocket alike, and how loudly that is logged. */
export interface Failure {
  readonly code: ErrorCode;
  readonly extra: ProblemExtra;
  readonly level: 'debug' | 'warn' | 'error';
}

/**
 * Judges why a request failed. An error that says itself how it is told, and a statement that waited too long for what someone
 * else has locked, are daily business; of an outage an operator wants to know; everything else is a mistake in the program.
 */
export function judgeFailure(error: unknown, troubleOf: (error: unknown) => DatabaseTrouble): Failure {
  if (error instanceof CodedError) return { code: error.code, extra: error.extra, level: 'debug' };
  switch (troubleOf(error)) {
    case 'overdue':
      return { code: 'unavailable', extra: {}, level: 'debug' };
    case 'outage':
      return { code: 'unavailable', extra: {}, level: 'warn' };
    case 'unrecorded':
      return { code: 'trail-unavailable', extra: {}, level: 'error' };
    case undefined:
      return { code: 'internal', extra: {}, level: 'error' };
  }
}
