import type { ErrorCode, Problem } from '@meldesync/protocol';

/** What problem details say beside their code. */
export type ProblemExtra = Pick<Problem, 'detail' | 'errors' | 'conflict' | 'lock'>;

/** An error that a client is told of, by a code of the catalogue; the catalogue also says whether trying again may help. */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly extra: ProblemExtra;

  constructor(code: ErrorCode, message: string, extra: ProblemExtra = {}) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.extra = extra;
  }
}
