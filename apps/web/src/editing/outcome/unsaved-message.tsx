import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { copyText } from '../../ui/copy-text.ts';
import classes from './unsaved-message.module.css';

interface UnsavedMessageProps {
  /** Why it was not saved, in a sentence. */
  readonly reason: ReactNode;
  /** What was typed. */
  readonly text: string;
  /** What else can be done about it. */
  readonly children?: ReactNode;
}

/** Keeps what someone typed that was not saved. */
export function UnsavedMessage({ reason, text, children }: UnsavedMessageProps) {
  const t = useTranslations('locks');
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => setCopied(await copyText(text));
  return (
    <div className={classes.message}>
      <p>{reason}</p>
      <blockquote className={classes.kept} aria-label={t('keptText')}>
        {text}
      </blockquote>
      <div className={classes.buttons}>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={isCopied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={() => void copy()}
        >
          {isCopied ? t('copied') : t('copyText')}
        </Button>
        {children}
      </div>
    </div>
  );
}
