import type { de } from '../messages/de.ts';

/** What is looked at, in the order in which it is told. */
export type CheckName = keyof typeof de.doctor.checks;

/** What was found, as a key of its sentence, which also says what to do. */
export type FindingKey = keyof typeof de.doctor.findings;

/** `failed` is what keeps MeldeSync from doing its work or lets secrets out, `warning` what will, or what costs something. */
export type FindingState = 'ok' | 'warning' | 'failed' | 'skipped';

/** One line of what the doctor says. */
export interface Finding {
  readonly check: CheckName;
  readonly state: FindingState;
  readonly finding: FindingKey;
  /** Arguments of the sentence. */
  readonly params: Readonly<Record<string, string | number>>;
}

/** Makes a finding of a check. */
export type Find = (
  state: FindingState,
  finding: FindingKey,
  params?: Readonly<Record<string, string | number>>,
) => Finding;

export function findingsOf(check: CheckName): Find {
  return (state, finding, params = {}) => ({ check, state, finding, params });
}
