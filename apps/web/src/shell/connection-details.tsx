import { Button } from '@mantine/core';
import { useLocale, useTranslations } from 'use-intl';
import { formatOwnAsOf } from '../i18n/format.ts';
import { useSync } from '../sync/sync-context.tsx';
import { useConnection, usePendingCount } from '../sync/use-connection.ts';
import type { MenuContentProps } from '../ui/menu-button.tsx';
import { OpenPopover } from '../ui/open-popover.tsx';
import classes from './connection-details.module.css';
import { useConnectionView } from './use-connection-view.ts';

/** How current the page is, and by which way; while there is no connection, the way to try again. */
export function ConnectionDetails({ label, onClose }: MenuContentProps) {
  const t = useTranslations('connection');
  const locale = useLocale();
  const { client } = useSync();
  const state = useConnection();
  const pending = usePendingCount();
  const { now } = useConnectionView();
  const isCurrent = state.name === 'live';
  /** One that hears nothing new is connected all the same: there is nothing to try. */
  const isConnected = isCurrent || (state.name === 'manual' && state.isConnected === true);
  const rows: [string, string][] = [
    [
      t('asOf'),
      isCurrent ? t('asOfNow') : client.currentAt === null ? '–' : formatOwnAsOf(client.currentAt, now, locale),
    ],
    [t('roundTrip'), isCurrent && state.roundTripMs !== null ? `${Math.round(state.roundTripMs)} ms` : '–'],
    [t('node'), client.session?.node ?? '–'],
    [t('records'), client.store.size.toLocaleString(locale)],
  ];
  if (!isConnected && (state.name === 'reconnecting' || state.name === 'manual'))
    rows.push([t('attempt'), String(state.attempt)]);
  if (pending > 0) rows.push([t('pending'), String(pending)]);
  return (
    <OpenPopover label={label} onClose={onClose} width={260}>
      <dl className={classes.details}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {isConnected ? null : (
        <Button fullWidth mt="sm" variant="default" onClick={() => client.reconnectNow()}>
          {t('reconnect')}
        </Button>
      )}
    </OpenPopover>
  );
}
