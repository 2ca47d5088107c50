import { Button } from '@mantine/core';
import { IconCopy, IconDownload, IconPrinter } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { copyText } from '../../../ui/copy-text.ts';
import { showMessage } from '../../../ui/messages.tsx';
import { useShownOnce } from '../../../ui/shown-once.ts';
import classes from './security.module.css';

/** Recovery codes, which are shown this once. */
export function RecoveryCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  const t = useTranslations('security');
  useShownOnce();
  const text = `${t('recoveryFile')}\n\n${codes.join('\n')}\n`;
  const copy = async (): Promise<void> => {
    const isCopied = await copyText(text);
    showMessage(isCopied ? { message: t('copied') } : { color: 'red', message: t('copyFailed') });
  };
  return (
    <div className={classes.form}>
      <p>{t('recoveryText')}</p>
      <ul className={classes.codes} aria-label={t('recoveryCodes')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={classes.buttons}>
        <Button variant="default" data-autofocus leftSection={<IconCopy size={15} />} onClick={() => void copy()}>
          {t('copy')}
        </Button>
        <Button variant="default" leftSection={<IconDownload size={15} />} onClick={() => download(text)}>
          {t('download')}
        </Button>
        <Button variant="default" leftSection={<IconPrinter size={15} />} onClick={() => print(text)}>
          {t('print')}
        </Button>
      </div>
      <div className={classes.end}>
        <Button size="sm" onClick={onDone}>
          {t('recoveryDone')}
        </Button>
      </div>
    </div>
  );
}

function download(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'meldesync-recovery-codes.txt';
  link.click();
  URL.revokeObjectURL(address);
}

/** Prints the text alone, from a frame that is gone afterwards. */
function print(text: string): void {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  document.body.append(frame);
  const page = frame.contentDocument;
  if (page && frame.contentWindow) {
    const sheet = page.createElement('pre');
    sheet.textContent = text;
    page.body.append(sheet);
    frame.contentWindow.addEventListener('afterprint', () => frame.remove());
    frame.contentWindow.print();
  }
}
