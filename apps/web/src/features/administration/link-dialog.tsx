import { Button } from '@mantine/core';
import type { OneTimeLink } from '@meldesync/protocol';
import { useTranslations } from 'use-intl';
import { Dialog } from '../../ui/dialog.tsx';
import classes from './form.module.css';
import { LinkResult } from './link-result.tsx';

interface LinkDialogProps {
  readonly title: string;
  /** What has come about with it. */
  readonly text?: string | undefined;
  readonly link: OneTimeLink;
  /** Something else to go on with than being done. */
  readonly more?: { readonly label: string; readonly run: () => void } | undefined;
  readonly onClose: () => void;
}

/** A link that was made, to be sent by who made it. */
export function LinkDialog({ title, text, link, more, onClose }: LinkDialogProps) {
  const t = useTranslations('administration');
  return (
    <Dialog title={title} width={560} onClose={onClose} isSticky>
      <LinkResult link={link} text={text} />
      <div className={classes.buttons}>
        {more ? (
          <Button variant="default" onClick={more.run}>
            {more.label}
          </Button>
        ) : null}
        <Button variant="default" onClick={onClose}>
          {t('done')}
        </Button>
      </div>
    </Dialog>
  );
}
