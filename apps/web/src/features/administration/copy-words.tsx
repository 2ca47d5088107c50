import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { copyText } from '../../ui/copy-text.ts';
import { showMessage } from '../../ui/messages.tsx';

/** How long the button says that it has copied. */
const SAID_MS = 2_000;

interface CopyWordsProps {
  readonly text: string;
  readonly label: string;
  /** The one that the dialog is about. */
  readonly isMain?: boolean;
}

/** A button with words that copies a text, and says that it has. */
export function CopyWords({ text, label, isMain = false }: CopyWordsProps) {
  const t = useTranslations('administration.link');
  const tShell = useTranslations('shell');
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    if (await copyText(text)) setCopied(true);
    else showMessage({ color: 'red', message: tShell('copyFailed') });
  };
  return (
    <>
      <Button
        variant={isMain ? 'filled' : 'default'}
        leftSection={isCopied ? <IconCheck size={15} /> : <IconCopy size={15} />}
        data-autofocus={isMain || undefined}
        onClick={() => void copy()}
      >
        {label}
      </Button>
      <span role="status" className="visually-hidden">
        {isCopied ? t('copied') : ''}
      </span>
    </>
  );
}
