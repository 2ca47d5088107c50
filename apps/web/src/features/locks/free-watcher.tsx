import { Button } from '@mantine/core';
import { IconLockOpen } from '@tabler/icons-react';
import { useEffect, useEffectEvent } from 'react';
import { useTranslations } from 'use-intl';
import { useGoToCase } from '../../address/reveal-case.ts';
import type { NamedCase } from '../../editing/named-case.ts';
import { hideMessage, showMessage } from '../../ui/messages.tsx';
import classes from './locks.module.css';
import { useLockDesk } from './locks-context.ts';

/** Tells the person when a case they wait for is free, for as long as it is, and leads there. */
export function FreeWatcher() {
  const { watch } = useLockDesk();
  const t = useTranslations('locks');
  const goTo = useGoToCase();
  const tell = useEffectEvent((wish: NamedCase) => {
    const [record] = wish.records;
    if (record === undefined) return;
    const id = messageId(wish);
    const go = (): void => {
      hideMessage(id);
      goTo(record);
    };
    showMessage({
      id,
      color: 'teal',
      icon: <IconLockOpen size={18} />,
      autoClose: false,
      onClose: () => watch.settle(wish),
      title: t('freeTitle', { row: wish.name }),
      message: (
        <div className={classes.message}>
          <p>{t('freeText')}</p>
          <Button size="compact-sm" onClick={go}>
            {t('goTo')}
          </Button>
        </div>
      ),
    });
  });
  useEffect(() => watch.onFree((wish) => tell(wish)), [watch]);
  useEffect(() => watch.onTaken((wish) => hideMessage(messageId(wish))), [watch]);
  return null;
}

function messageId({ records }: NamedCase): string {
  return `free-${records[0]}`;
}
