import { Button } from '@mantine/core';
import { type ReactNode, useCallback, useState } from 'react';
import { useTranslations } from 'use-intl';
import { countCases, type RefusedEdit } from '../../../editing/edit-report.ts';
import { useRefusalReason } from '../../../editing/outcome/use-tell-refused.ts';
import { useUndo } from '../../../editing/undo/use-undo.ts';
import { useFieldWords } from '../../../editing/use-field-words.ts';
import { useSubmit } from '../../../editing/use-submit.ts';
import { useSync } from '../../../sync/sync-context.tsx';
import { useConnection } from '../../../sync/use-connection.ts';
import { hideMessage, showMessage } from '../../../ui/messages.tsx';
import { useSelection } from '../selection/selection-context.tsx';
import { type BulkAction, planBulk } from './bulk-plan.ts';
import { BulkReport } from './bulk-report.tsx';

interface Bulk {
  /** An action is being answered. Without a connection none is: it waits with the other edits, and the next is taken. */
  readonly isBusy: boolean;
  run(action: BulkAction): void;
}

/** Time to read reasons, and to think again. */
const SHOWN_MS = 15_000;

/** Carries an action out on the selection, and says how many cases it was taken for, and why not for the others. */
export function useBulk(): Bulk {
  const t = useTranslations('selection');
  const tEdit = useTranslations('edit');
  const tUndo = useTranslations('undo');
  const { client, conflicts } = useSync();
  const inWords = useFieldWords();
  const selection = useSelection();
  const submit = useSubmit();
  const undo = useUndo();
  const reasonOf = useRefusalReason();
  const [running, setRunning] = useState(0);
  const isBusy = useConnection().name === 'live' && running > 0;

  const run = useCallback(
    (action: BulkAction) => {
      if (isBusy) return;
      const cases = selection.groups().map((ids) => ids.flatMap((id) => client.optimistic.get(id) ?? []));
      const plan = planBulk(cases, action);
      const step = crypto.randomUUID();
      void send();

      async function send(): Promise<void> {
        setRunning((count) => count + 1);
        const report = await submit(plan.intents, step);
        setRunning((count) => count - 1);
        const taken = countCases(report.accepted);
        showMessage({
          id: step,
          autoClose: SHOWN_MS,
          title: titleOf(taken),
          message: (
            <BulkReport
              already={plan.already + countCases(report.same)}
              refused={countReasons([...plan.refused, ...report.refused], reasonOf)}
              conflicts={countCases(report.conflicts)}
            >
              {taken > 0 ? undoButton() : null}
            </BulkReport>
          ),
        });
        conflicts.add(report.conflicts);
      }

      function titleOf(count: number): string {
        if (count === 0) return t('noneTitle');
        const { field, value } = action;
        if (field === 'done') return value ? t('doneTitle', { count }) : t('reopenedTitle', { count });
        return t(`chosenTitle.${field}`, { count, name: inWords(field, value, tEdit('nobody')) });
      }

      function undoButton(): ReactNode {
        const takeBack = (): void => {
          hideMessage(step);
          undo('undo', step);
        };
        return (
          <Button variant="default" size="compact-sm" onClick={takeBack}>
            {tUndo('action')}
          </Button>
        );
      }
    },
    [client, conflicts, inWords, isBusy, reasonOf, selection, submit, t, tEdit, tUndo, undo],
  );
  return { isBusy, run };
}

/** How many cases each reason concerns. */
function countReasons(
  refused: readonly RefusedEdit[],
  reasonOf: (refused: RefusedEdit) => string,
): ReadonlyMap<string, number> {
  const edits = new Map<string, RefusedEdit['intent'][]>();
  for (const one of refused) {
    const reason = reasonOf(one);
    edits.set(reason, [...(edits.get(reason) ?? []), one.intent]);
  }
  return new Map([...edits].map(([reason, intents]) => [reason, countCases(intents)]));
}
