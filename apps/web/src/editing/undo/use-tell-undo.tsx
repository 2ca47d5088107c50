import type { SettledEdit, UndoObstacle } from '@meldesync/client';
import { EDITABLE_FIELDS } from '@meldesync/domain';
import { describeError, type ErrorCode } from '@meldesync/protocol';
import { useCallback } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { formatDate, formatTime } from '../../i18n/format.ts';
import { usePeople } from '../../people/use-people.tsx';
import { useSync } from '../../sync/sync-context.tsx';
import { showLatest } from '../../ui/messages.tsx';
import { countCases } from '../edit-report.ts';
import { useFieldWords } from '../use-field-words.ts';
import { useRowName } from '../use-row-name.ts';

type TellUndo = (
  direction: 'undo' | 'redo',
  accepted: readonly SettledEdit[],
  obstacles: readonly UndoObstacle[],
  failed?: ErrorCode | 'other-step',
) => void;

/** Says what was taken back or done again, or who stands against it. */
export function useTellUndo(): TellUndo {
  const t = useTranslations('undo');
  const tEdit = useTranslations('edit');
  const locale = useLocale();
  const { client } = useSync();
  const people = usePeople();
  const rowName = useRowName();
  const inWords = useFieldWords();

  const describe = useCallback(
    (accepted: readonly SettledEdit[]): string => {
      const [first] = accepted;
      const fields = EDITABLE_FIELDS.filter((name) => accepted.some(({ set }) => set[name] !== undefined));
      const [field] = fields;
      if (!first || !field) return '';
      const count = countCases(accepted);
      const value = first.set[field];
      const isShared = accepted.every(({ set }) => set[field] === value) && fields.length === 1;
      if (!isShared) return t('several', { count, fields: fields.map((name) => tEdit(name)).join(', ') });
      const row = count === 1 ? rowName(first.seen) : t('cases', { count });
      if (value === null || value === undefined) return t('valueEmpty', { row, field: tEdit(field) });
      if (typeof value === 'boolean') return value ? t('valueYes', { row }) : t('valueNo', { row });
      return t('value', { row, field: tEdit(field), value: inWords(field, value, '') });
    },
    [inWords, rowName, t, tEdit],
  );

  const explain = useCallback(
    (obstacles: readonly UndoObstacle[]): string => {
      const changed = obstacles.flatMap((obstacle) => (obstacle.reason === 'changed' ? [obstacle] : []));
      const [first] = changed;
      if (!first) return t('deleted');
      const at = new Date(first.at);
      return t('blocked', {
        count: new Set(changed.map(({ record }) => client.optimistic.get(record)?.caseId ?? record)).size,
        name: people.ofActor(first.by).name,
        row: rowName({ caseId: client.optimistic.get(first.record)?.caseId ?? null }),
        date: formatDate(at, locale),
        time: formatTime(at, locale),
      });
    },
    [client, locale, people, rowName, t],
  );

  return useCallback(
    (direction, accepted, obstacles, failed) => {
      const blockedTitle = direction === 'undo' ? t('blockedTitle') : t('blockedRedoTitle');
      if (failed === 'other-step') {
        showLatest('undo', { title: blockedTitle, message: t('otherStep') });
      } else if (failed) {
        showLatest('undo', { color: 'red', title: blockedTitle, message: describeError(failed, locale) });
      } else if (obstacles.length > 0) {
        showLatest('undo', { color: 'yellow', title: blockedTitle, message: explain(obstacles) });
      } else if (accepted.length > 0) {
        showLatest('undo', { title: direction === 'undo' ? t('undone') : t('redone'), message: describe(accepted) });
      }
    },
    [describe, explain, locale, t],
  );
}
