import { Button } from '@mantine/core';
import { IconBell, IconBellFilled } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import type { NamedCase } from '../../editing/named-case.ts';
import type { FreeWatch } from './free-watch.ts';

interface NotifyButtonProps {
  /** Given, because messages stand outside of the workspace. */
  readonly watch: FreeWatch;
  readonly wish: NamedCase;
}

/** Asks to be told when the case is free, and takes that back. */
export function NotifyButton({ watch, wish }: NotifyButtonProps) {
  const t = useTranslations('locks');
  const isWished = useSyncExternalStore(watch.subscribe, () => watch.has(wish.records));
  return (
    <Button
      variant="default"
      size="compact-sm"
      aria-pressed={isWished}
      leftSection={isWished ? <IconBellFilled size={14} /> : <IconBell size={14} />}
      onClick={() => (isWished ? watch.remove(wish.records) : watch.add(wish))}
    >
      {isWished ? t('notifying') : t('notify')}
    </Button>
  );
}
