import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import classes from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  /** Width in pixels. */
  readonly width: number;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog over the page. Put together from parts, because the library's own heading would be a second page banner. */
export function Dialog({ title, width, onClose, children }: DialogProps) {
  const t = useTranslations('shell');
  return (
    <Modal.Root opened onClose={onClose} size={width} centered>
      <Modal.Overlay backgroundOpacity={0.45} />
      <Modal.Content radius={12}>
        <div className={classes.head}>
          <Modal.Title className={classes.title ?? ''}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('close')} />
        </div>
        <Modal.Body className={classes.body ?? ''}>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
