import type { Language } from '@meldesync/domain';
import { eventActorName, eventFieldName, eventKindName, eventValueName } from './administration-event-words.ts';
import type { AuditGroup } from './audit-kinds.ts';
import { ENGLISH_AUDIT_WORDS } from './audit-words/english.ts';
import { GERMAN_AUDIT_WORDS, type TranslatedAuditWords } from './audit-words/german.ts';

const WORDS: Readonly<Record<Language, TranslatedAuditWords>> = { de: GERMAN_AUDIT_WORDS, en: ENGLISH_AUDIT_WORDS };

/** The name of a kind of entry, of administration too; one that only a newer service knows is said as it says it. */
export function auditKindName(kind: string, language: Language): string {
  return wordOf(WORDS[language].kinds, kind) ?? eventKindName(kind, language);
}

/** The name of a group of kinds. */
export function auditGroupName(group: AuditGroup, language: Language): string {
  return WORDS[language].groups[group];
}

/** The name of a field in `before` and `after`. */
export function auditFieldName(field: string, language: Language): string {
  return wordOf(WORDS[language].fields, field) ?? eventFieldName(field, language);
}

/** A value of a field in words; undefined where it has none. */
export function auditValueName(field: string, value: string, language: Language): string | undefined {
  const words: Readonly<Record<string, Readonly<Record<string, string>>>> = WORDS[language].values;
  const own = Object.hasOwn(words, field) ? words[field] : undefined;
  return (own && wordOf(own, value)) ?? eventValueName(field, value, language);
}

/** What or whom an entry is about, without its name: `lock:<id>` is a lock. */
export function auditSubjectName(subject: string, language: Language): string {
  const [kind = ''] = subject.split(':', 1);
  return wordOf(WORDS[language].subjects, kind) ?? kind;
}

/** Who did it, by name where that is known; who wrote past the application is the database’s role. */
export function auditActorName(
  entry: { readonly actor: string; readonly actorName: string | null },
  language: Language,
): string {
  const [, role] = /^db:(.*)$/s.exec(entry.actor) ?? [];
  if (role === undefined) return eventActorName(entry, language);
  return WORDS[language].actors.database.replace('{role}', () => role);
}

/** Names from outside must not find what every object has. */
function wordOf(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
