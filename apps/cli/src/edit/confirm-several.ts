import type { EditIntent } from '@meldesync/client';
import { EDITABLE_FIELDS } from '@meldesync/domain';
import { type ConfirmOptions, confirm } from '../admin/confirm.ts';
import { type CliContext, printAside } from '../context.ts';
import { describeRecord } from '../output/case-text.ts';
import { describeEditable } from '../output/editable.ts';
import { printable } from '../output/text.ts';
import type { People } from '../session/people.ts';

/** How many records are named before the rest is counted. */
const MOST_NAMED = 20;

/**
 * Says which records an edit of several would change, and how, and asks; nothing is said where `--yes` has answered. Throws
 * `notConfirmed`, or `confirmationNeeded` where nobody can be asked.
 */
export async function confirmSeveral(
  context: CliContext,
  intents: readonly EditIntent[],
  people: People,
  options: ConfirmOptions,
): Promise<void> {
  if (intents.length < 2 || options.yes) return;
  const { t } = context;
  printAside(context, t('edit.severalHeading', { count: intents.length }));
  for (const intent of intents.slice(0, MOST_NAMED))
    printAside(context, describeIntent(intent, context, people), '    ');
  const more = intents.length - MOST_NAMED;
  if (more > 0) printAside(context, `  ${t('edit.severalMore', { count: more })}`);
  await confirm(context, t('edit.severalQuestion'), options);
}

function describeIntent({ seen, set }: EditIntent, context: CliContext, people: People): string {
  const { t } = context;
  const changes = EDITABLE_FIELDS.flatMap((field) => {
    const after = set[field];
    if (after === undefined || after === seen[field]) return [];
    const say = (value: typeof after) => printable(describeEditable(field, value, context, people));
    return [t('watch.changed', { field: t(`fields.${field}`), before: say(seen[field]), after: say(after) })];
  });
  return `  ${describeRecord(seen, context)}: ${changes.join(', ')}`;
}
