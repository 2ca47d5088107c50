import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { isPageLeft } from '../../api/leave-page.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { useKeeping, useOwnPendingCount } from '../../sync/use-connection.ts';
import { Banner } from '../../ui/banner.tsx';

/**
 * Says that this browser has no room, or keeps nothing, and what follows from that; and asks before a page is closed that alone has
 * edits which are not sent.
 */
export function StorageBanner() {
  const t = useTranslations('offline');
  const { client } = useSync();
  const { edits, copy } = useKeeping();
  const pending = useOwnPendingCount();
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (client.pendingEdits > 0 && client.keeping.edits !== 'kept' && !isPageLeft()) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [client]);

  const trouble = edits === 'kept' ? copy : edits;
  if (trouble !== 'full' && trouble !== 'failed') return null;
  const isUnsafe = edits !== 'kept' && pending > 0;
  return (
    <Banner label={t('storage')}>
      {`${t(trouble === 'full' ? 'storageFull' : 'storageFailed')} ${isUnsafe ? t('storageUnsent', { count: pending }) : t('storageGoOn')}`}
    </Banner>
  );
}
