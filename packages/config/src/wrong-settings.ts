/** A setting that cannot be used, and why, in words that follow on its name. */
export interface SettingProblem {
  readonly name: string;
  readonly problem: string;
}

/** Settings that are missing or wrong: nothing can be started with them, now or later. */
export class WrongSettings extends Error {
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    super(problems.map(({ name, problem }) => `setting ${name}: ${problem}`).join('\n'));
    this.name = 'WrongSettings';
    this.problems = problems;
  }
}
