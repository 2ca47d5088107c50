import type { ConflictChoices, EditIntent } from '@meldesync/client';
import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { useSettleConflicts } from '../../editing/outcome/use-settle-conflicts.ts';
import { useSubmit } from '../../editing/use-submit.ts';
import type { ConflictedEdit, OpenConflict } from '../../sync/conflict-queue.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { showLatest } from '../../ui/messages.tsx';
import { type Choice, chooseEverywhere, decideEdit, refusedByCode, rowsOf } from './decision.ts';

/** The message that conflicts wait. */
export const WAITING_MESSAGE = 'conflicts-waiting';

interface Decide {
  /** Carries out the decision about the first conflict. */
  decide(choices: ConflictChoices): void;
  /** Decides all that wait in the same way. */
  decideAll(choice: Choice): void;
  /** Leaves all of them open for later, and says where they are. */
  putOff(): void;
}

interface Decided {
  readonly conflict: OpenConflict;
  readonly choices: ConflictChoices;
}

/**
 * Carries decisions out: what others saved is kept with a note of it, what is to be applied goes as an edit over what the
 * dialog showed. When that meets a newer change or is refused, the person is asked again (R2.2, R5.2).
 */
export function useDecide(): Decide {
  const { conflicts } = useSync();
  const submit = useSubmit();
  const settle = useSettleConflicts();
  const t = useTranslations('conflicts');

  const carryOut = useCallback(
    async (decided: readonly Decided[]) => {
      const kept: ConflictedEdit[] = [];
      const applied: ConflictedEdit[] = [];
      const intents: EditIntent[] = [];
      for (const { conflict, choices } of decided) {
        for (const edit of conflict.edits) {
          const decision = decideEdit(edit, choices);
          if (decision.settledBy === 'edit') {
            intents.push(decision.intent);
            applied.push(edit);
          } else kept.push(edit);
        }
      }
      settle(kept, 'kept-theirs');
      if (intents.length === 0) return;
      const report = await submit(intents);
      conflicts.add(report.conflicts, 'conflict');
      for (const [code, edits] of refusedByCode(report.refused, applied)) conflicts.add(edits, code);
    },
    [conflicts, settle, submit],
  );

  return {
    decide: (choices) => void carryOut(conflicts.take('first').map((conflict) => ({ conflict, choices }))),
    decideAll: (choice) =>
      void carryOut(
        conflicts.take('all').map((conflict) => ({ conflict, choices: chooseEverywhere(rowsOf(conflict), choice) })),
      ),
    putOff: () => {
      conflicts.putOff();
      const count = conflicts.getSnapshot().open.length;
      showLatest(WAITING_MESSAGE, { color: 'yellow', title: t('waitingTitle'), message: t('waiting', { count }) });
    },
  };
}
