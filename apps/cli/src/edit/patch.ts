import { describePatchProblem, normalisePatch } from '@meldesync/domain';
import type { RecordPatch } from '@meldesync/protocol';
import { CliError } from '../errors.ts';
import type { Language } from '../messages/language.ts';

/** The options of `edit` that change something. */
export interface PatchOptions {
  readonly done?: boolean;
  readonly undone?: boolean;
  readonly caseId?: string;
  readonly note?: string;
  /** Id of a user, or empty. */
  readonly assignee?: string;
}

/**
 * The patch that the options describe; an empty text empties the field. Throws `nothingToChange`, `conflictingOptions`,
 * or `fieldRefused` with the domain's reason.
 */
export function toPatch(options: PatchOptions, language: Language): RecordPatch {
  if (options.done && options.undone) throw new CliError('conflictingOptions', { first: '--done', second: '--undone' });
  const { caseId, note, assignee } = options;
  const normalised = normalisePatch({
    ...(options.done || options.undone ? { done: options.done === true } : {}),
    ...(caseId === undefined ? {} : { caseId }),
    ...(note === undefined ? {} : { note }),
    ...(assignee === undefined ? {} : { assignee }),
  });
  if (!normalised.ok) {
    const reason = normalised.problems.map((problem) => describePatchProblem(problem, language)).join(' ');
    throw new CliError('fieldRefused', { reason });
  }
  if (Object.keys(normalised.patch).length === 0) throw new CliError('nothingToChange');
  return normalised.patch;
}
