import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { showMessage } from '../../ui/messages.tsx';
import { UnsavedMessage } from './unsaved-message.tsx';

interface Unsaved {
  /** How the case is called in sentences. */
  readonly name: string;
  /** Why it was not saved, in a sentence. */
  readonly reason: string;
  readonly text: string;
}

/** Says that what was typed for a case is not saved, and keeps it for copying until the message is closed. */
export function useTellUnsaved(): (unsaved: Unsaved) => void {
  const t = useTranslations('locks');
  return useCallback(
    ({ name, reason, text }) => {
      const message = <UnsavedMessage reason={reason} text={text} />;
      showMessage({ color: 'yellow', autoClose: false, title: t('unsavedTitle', { row: name }), message });
    },
    [t],
  );
}
