import { type FieldOf, isOfKind, TYPED_FIELDS } from '@meldesync/domain';
import { describeError } from '@meldesync/protocol';
import { useCallback } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { usePeople } from '../../people/use-people.tsx';
import { showMessage } from '../../ui/messages.tsx';
import { countCases, type RefusedEdit } from '../edit-report.ts';
import { useRowName } from '../use-row-name.ts';
import { useTellLockedEdit } from './tell-locked-edit.ts';
import { useTellUnsaved } from './use-tell-unsaved.tsx';

/** What people type letter by letter, the longest first: it would be a pity to lose. */
const WRITTEN_FIELDS: readonly FieldOf<'case' | 'text'>[] = [
  ...TYPED_FIELDS.filter((field) => isOfKind(field, 'text')),
  ...TYPED_FIELDS.filter((field) => isOfKind(field, 'case')),
];

/** Says why edits were refused, in one message; of several reasons each. What was typed for a case is kept with it. */
export function useTellRefused(): (refused: readonly RefusedEdit[]) => void {
  const t = useTranslations('edit');
  const tellLocked = useTellLockedEdit();
  const tellUnsaved = useTellUnsaved();
  const rowName = useRowName();
  const reasonOf = useRefusalReason();
  return useCallback(
    (refused) => {
      const [first] = refused;
      if (!first) return;
      const edits = refused.map(({ intent }) => intent);
      const { seen, set } = first.intent;
      const isOneCase = countCases(edits) === 1;
      const typed = WRITTEN_FIELDS.flatMap((field) => set[field] ?? [])[0];
      if (isOneCase && refused.every(({ code }) => code === 'record-locked')) {
        const records = edits.map(({ seen: { id } }) => id);
        tellLocked({ records, name: rowName(seen) }, typed);
        return;
      }
      const reasons = new Set(refused.map(reasonOf));
      if (isOneCase && typed !== undefined) {
        tellUnsaved({ name: rowName(seen), reason: [...reasons].join(' '), text: typed });
        return;
      }
      const count = refused.length > 1 ? ` ${t('rejectedCount', { count: refused.length })}` : '';
      showMessage({ color: 'red', title: t('rejectedTitle'), message: [...reasons].join(' ') + count });
    },
    [reasonOf, rowName, t, tellLocked, tellUnsaved],
  );
}

/** Why an edit was refused, in a sentence; who has the case where that is the reason (R1.4). */
export function useRefusalReason(): (refused: RefusedEdit) => string {
  const t = useTranslations('edit');
  const locale = useLocale();
  const people = usePeople();
  return useCallback(
    ({ code, lock }) =>
      code === 'record-locked' && lock
        ? t('lockedBy', { name: people.ofUser(lock.user).name })
        : describeError(code, locale),
    [locale, people, t],
  );
}
