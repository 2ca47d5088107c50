import { describePatchProblem, type FieldOf, type Language, normalisePatch } from '@meldesync/domain';

/** Why a text cannot be taken for a field, in a sentence; null when it can. */
export function textProblem(field: FieldOf<'case' | 'text'>, text: string, language: Language): string | null {
  const normalised = normalisePatch({ [field]: text });
  const [problem] = normalised.ok ? [] : normalised.problems;
  return problem ? describePatchProblem(problem, language) : null;
}
