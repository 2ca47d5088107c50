import { useTranslations } from 'use-intl';
import { UnsavedMessage } from '../../editing/outcome/unsaved-message.tsx';
import { LockSentence } from './lock-sentence.tsx';
import type { LockedMessageProps } from './locked-message.tsx';
import { NotifyButton } from './notify-button.tsx';
import { useIsOver } from './use-is-over.ts';

/** Keeps what someone typed into an editor that they left while a colleague had the case. */
export function UnsavedWhileLocked({
  lock,
  name,
  watch,
  wish,
  locks,
  text,
}: LockedMessageProps & { readonly text: string }) {
  const t = useTranslations('locks');
  const isOver = useIsOver(locks, lock);
  return (
    <UnsavedMessage reason={isOver ? t('freeText') : <LockSentence lock={lock} name={name} />} text={text}>
      {isOver ? null : <NotifyButton watch={watch} wish={wish} />}
    </UnsavedMessage>
  );
}
