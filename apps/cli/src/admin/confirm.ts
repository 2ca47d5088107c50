import type { CliContext } from '../context.ts';
import { CliError } from '../errors.ts';
import { ask, canAsk } from '../input/prompt.ts';

/** Options of what cannot be undone. */
export interface ConfirmOptions {
  readonly yes?: boolean;
}

/** Asks before something that cannot be undone, unless `--yes` said so already. Throws `notConfirmed`, or `confirmationNeeded` where nobody can be asked. */
export async function confirm({ terminal, t }: CliContext, question: string, { yes }: ConfirmOptions): Promise<void> {
  if (yes) return;
  if (!canAsk(terminal)) throw new CliError('confirmationNeeded');
  const answer = await ask(terminal, `${question} ${t('admin.yesOrNo')} `);
  if (!/^(j|ja|y|yes)$/i.test(answer)) throw new CliError('notConfirmed');
}
