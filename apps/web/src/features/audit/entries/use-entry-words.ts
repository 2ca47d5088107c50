import { type AuditEntry, auditActorName, auditKindName, auditSubjectName, isChangeSource } from '@meldesync/protocol';
import { useMemo } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { parseActor } from '../../../people/actor.ts';
import { personColor } from '../../../people/person-color.ts';
import { type Person, usePeople } from '../../../people/use-people.tsx';
import { changesOfEntry, type EntryChange, segmentOf } from './entry-changes.ts';
import { useChangeWords } from './use-change-words.ts';

/** Says an entry in words. */
export interface EntryWords {
  /** What it was. */
  kindOf(entry: AuditEntry): string;
  /** Who did it. */
  personOf(entry: Pick<AuditEntry, 'actor' | 'actorName'>): Person;
  /** Whom or what it is about, but for a case; null where there is none. */
  subjectOf(entry: AuditEntry): string | null;
  /** What changed, on one line. */
  summaryOf(entry: AuditEntry): string;
  /** By what; null where that is not known. */
  viaOf(entry: Pick<AuditEntry, 'via'>): string | null;
  /** Which half of a case the record is; null where the entry does not say it. */
  halfOf(entry: AuditEntry): string | null;
}

/** What only machines and the panel speak of: on one line it would stand in the way. */
const UNSAID: ReadonlySet<string> = new Set([
  'instance',
  'connection',
  'clientVersion',
  'node',
  'operation',
  'baseVersion',
  'currentVersion',
  'overlaps',
  'applyLagMs',
  'bufferedBytes',
  'code',
  'root',
  'leaves',
]);

/** A count of none, which is no news on one line. */
function isNone(change: EntryChange): boolean {
  return change.kind === 'other' && change.before === undefined && change.after === 0;
}

/** The words of entries. */
export function useEntryWords(): EntryWords {
  const t = useTranslations('audit.entry');
  const tVia = useTranslations('panel.via');
  const locale = useLocale();
  const people = usePeople();
  const changes = useChangeWords();
  return useMemo(() => {
    const halfOf = (entry: AuditEntry): string | null => {
      if (!entry.kind.startsWith('record-')) return null;
      const mb = segmentOf(entry);
      if (!mb) return null;
      return mb.artDerDaten === 'G' ? t('genomic') : t('clinical');
    };
    const subjectOf = (entry: AuditEntry): string | null => {
      if (entry.subject === null || entry.subject === entry.actor) return null;
      // The case says it.
      if (entry.subject.startsWith('record:')) return null;
      return entry.subjectName ?? auditSubjectName(entry.subject, locale);
    };
    return {
      halfOf,
      subjectOf,
      kindOf: ({ kind }) => auditKindName(kind, locale),
      viaOf: ({ via }) => (via === null ? null : isChangeSource(via) ? tVia(via) : via),
      personOf(entry) {
        const actor = parseActor(entry.actor);
        if (actor.kind !== 'user')
          return { name: auditActorName(entry, locale), color: 'var(--person-none)', isPerson: false };
        const name = entry.actorName ?? people.ofUser(actor.id).name;
        return { name, color: personColor(actor.id), isPerson: true };
      },
      summaryOf(entry) {
        const half = entry.kind === 'record-changed' ? null : halfOf(entry);
        if (half !== null) return half;
        const told = changesOfEntry(entry)
          .filter((change) => !UNSAID.has(change.field) && !isNone(change))
          .map((change) => {
            const before = changes.valueOf(change, 'before');
            const after = changes.valueOf(change, 'after');
            const values = [before, after].filter((value) => value !== null).join(' → ');
            return `${changes.nameOf(change)}: ${values}`;
          });
        const subject = subjectOf(entry);
        return [...(subject === null || entry.subjectName === null ? [] : [subject]), ...told].join(' · ');
      },
    };
  }, [t, tVia, locale, people, changes]);
}
