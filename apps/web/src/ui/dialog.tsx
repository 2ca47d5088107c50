import { Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import classes from './dialog.module.css';
import { ShownOnceContext } from './shown-once.ts';
import { useDialogFocus } from './use-dialog-focus.ts';

interface DialogProps {
  readonly title: string;
  /** Width in pixels. */
  readonly width: number;
  readonly onClose: () => void;
  /** A press beside it does not close it: something is to be decided. */
  readonly isSticky?: boolean;
  readonly children: ReactNode;
}

/** A dialog over the page. Put together from parts, because the library's own heading would be a second page banner. */
export function Dialog({ title, width, onClose, isSticky = false, children }: DialogProps) {
  const t = useTranslations('shell');
  const ref = useDialogFocus();
  const [isShownOnce, setShownOnce] = useState(false);
  const [hold] = useState(() => () => {
    setShownOnce(true);
    return () => setShownOnce(false);
  });
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={width}
      centered
      closeOnClickOutside={!isSticky}
      closeOnEscape={!isShownOnce}
      // It would write a style sheet into the page, which the policy refuses; no page is longer than its window.
      lockScroll={false}
    >
      <Modal.Overlay backgroundOpacity={0.45} />
      <Modal.Content ref={ref} radius={12}>
        <div className={classes.head}>
          <Modal.Title className={classes.title ?? ''}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('close')} data-close />
        </div>
        <Modal.Body className={classes.body ?? ''}>
          <ShownOnceContext value={hold}>{children}</ShownOnceContext>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
