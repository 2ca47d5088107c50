import { useTranslations } from 'use-intl';
import { usePeople } from '../../people/use-people.tsx';
import { useCaseLock } from './use-case-lock.ts';

/** Why the controls of a case are disabled, in a sentence; null while no colleague edits it. */
export function useLockReason(records: readonly { readonly id: number }[]): string | null {
  const t = useTranslations('locks');
  const people = usePeople();
  const found = useCaseLock(records);
  return found && !found.isMine ? t('editing', { name: people.ofUser(found.lock.user).name }) : null;
}
