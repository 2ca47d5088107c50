import { Modal } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import classes from './dialog.module.css';

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
  useReturnFocus();
  return (
    <Modal.Root opened onClose={onClose} size={width} centered closeOnClickOutside={!isSticky}>
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

/** What had the focus when the dialog that is open came. */
let behind: readonly HTMLElement[] = [];

/** Gives the focus back to what had it when the dialog came; the library does so only for one that stays mounted. */
function useReturnFocus(): void {
  const [openers] = useState(openersNow);
  useEffect(() => {
    behind = openers;
    return () => {
      behind = [];
      openers.find((opener) => opener.isConnected)?.focus({ preventScroll: true });
    };
  }, [openers]);
}

/** What has the focus, then what leads there: of an item of a menu its button, of a dialog that this one replaces what is behind it. */
function openersNow(): readonly HTMLElement[] {
  const active = document.activeElement;
  const button = active?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  const isOnPage = active !== document.body && !active?.closest('[role="dialog"]');
  const found = [active, button ? document.getElementById(button) : null, ...(isOnPage ? [] : behind)];
  return found.filter((one): one is HTMLElement => one instanceof HTMLElement && one !== document.body);
}
