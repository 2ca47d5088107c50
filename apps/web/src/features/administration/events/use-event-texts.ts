import { useMessages, useTranslations } from 'use-intl';

/** The name of a kind of event; one that only a newer service knows is said as it says it. */
export function useKindName(): (kind: string) => string {
  const t = useTranslations('administration.events.kinds');
  const { kinds } = useMessages().administration.events;
  return (kind) => (isKey(kinds, kind) ? t(kind) : kind);
}

/** The name of a field of an event. */
export function useFieldName(): (field: string) => string {
  const t = useTranslations('administration.events.fields');
  const { fields } = useMessages().administration.events;
  return (field) => (isKey(fields, field) ? t(field) : field);
}

/** A value of a field that has a word; null where it has none. */
export function useValueName(): (field: string, value: string) => string | null {
  const { values } = useMessages().administration.events;
  return (field, value) => {
    const words: Readonly<Record<string, string>> = isKey(values, field) ? values[field] : {};
    return Object.hasOwn(words, value) ? (words[value] ?? null) : null;
  };
}

function isKey<Texts extends object>(texts: Texts, key: string): key is keyof Texts & string {
  return Object.hasOwn(texts, key);
}
