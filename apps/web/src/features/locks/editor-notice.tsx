import { IconInfoCircle, IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { usePeople } from '../../people/use-people.tsx';
import type { EditorView } from './editor-view.ts';
import { LockSentence } from './lock-sentence.tsx';
import classes from './locks.module.css';

/** What an open editor says about its lock, also to a screen reader; nothing while all is well. */
export function EditorNotice({ view, className }: { view: EditorView; className?: string | undefined }) {
  const text = useNotice(view);
  return (
    <span role="status" className={text === null ? undefined : className}>
      {text === null ? null : (
        <span className={classes.notice} data-kind={view.kind}>
          {view.kind === 'blocked' ? <IconLock size={14} /> : <IconInfoCircle size={14} />}
          <span>{text}</span>
        </span>
      )}
    </span>
  );
}

function useNotice(view: EditorView): ReactNode {
  const t = useTranslations('locks');
  const people = usePeople();
  switch (view.kind) {
    case 'fine':
      return null;
    case 'unprotected':
      return t('unprotected');
    case 'too-many':
      return t('tooMany');
    case 'blocked':
      return (
        <>
          <LockSentence lock={view.lock} name={view.lock ? people.ofUser(view.lock.user).name : ''} /> {t('blocked')}
        </>
      );
    case 'lost':
      return t(`lost.${view.end.reason}`, { name: people.ofActor(view.end.by ?? '').name });
  }
}
