import { type Program, SETTINGS, type Setting, type Use } from './catalogue.mjs';
import { schemaOf, type ValueOf } from './forms.ts';
import { readSecretFiles } from './secret-files.ts';
import { type SettingProblem, WrongSettings } from './wrong-settings.ts';

type Catalogue = typeof SETTINGS;
type Environment = Readonly<Record<string, string | undefined>>;

/** The value of a use: undefined as well, where something else than a value holds without it. */
type ValueInUse<S, U> = U extends { without: string } ? ValueOf<S> | undefined : ValueOf<S>;

/** What a program reads, by the names of its settings. */
export type SettingsOf<P extends Program> = {
  readonly [Name in keyof Catalogue as P extends keyof Catalogue[Name]['uses'] ? Name : never]: ValueInUse<
    Catalogue[Name],
    P extends keyof Catalogue[Name]['uses'] ? Catalogue[Name]['uses'][P] : never
  >;
};

/**
 * Reads all settings of a program. One that is empty counts as not given; a secret may stand in a file (`NAME_FILE`).
 *
 * @throws WrongSettings with every setting that is missing or wrong
 */
export function readSettings<P extends Program>(program: P, given: Environment): SettingsOf<P> {
  const files = readSecretFiles(program, given);
  const environment: Environment = { ...given, ...files.secrets };
  const values: Record<string, unknown> = {};
  const problems: SettingProblem[] = [...files.problems];
  const isGiven = (name: string) => (environment[name] ?? '') !== '';
  const dependents = dependentsIn(program, environment);
  for (const [name, setting] of Object.entries<Setting>(SETTINGS)) {
    const use: Use | undefined = setting.uses[program];
    if (!use || files.unread.has(name)) continue;
    const text = environment[name];
    if (text === undefined || text === '') {
      const partner = use.needs?.find((other) => other !== name && isGiven(other)) ?? dependents.get(name);
      if (partner) problems.push({ name, problem: `is missing, though ${partner} is given` });
      else if (use.fallback === undefined && use.without === undefined) problems.push({ name, problem: 'is missing' });
      values[name] = setting.kind === 'limits' ? schemaOf(setting).parse(use.fallback) : use.fallback;
      continue;
    }
    const read = schemaOf(setting).safeParse(text);
    if (read.success) values[name] = read.data;
    else problems.push({ name, problem: read.error.issues[0]?.message ?? 'is wrong' });
  }
  if (problems.length > 0) throw new WrongSettings(problems);
  return values as SettingsOf<P>;
}

/** Of each setting that another one which is given belongs to, that other one; what is as it would be anyway asks for nothing. */
function dependentsIn(program: Program, environment: Environment): ReadonlyMap<string, string> {
  const dependents = new Map<string, string>();
  for (const [name, { uses }] of Object.entries<Setting>(SETTINGS)) {
    const given = environment[name] ?? '';
    const use: Use | undefined = uses[program];
    if (given === '' || given === use?.fallback) continue;
    for (const other of use?.belongsTo ?? []) if (!dependents.has(other)) dependents.set(other, name);
  }
  return dependents;
}
