import { Button } from '@mantine/core';
import type { LiveLock } from '@meldesync/client';
import { roleAllows } from '@meldesync/protocol';
import { IconAppWindow, IconLock } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { NamedCase } from '../../editing/named-case.ts';
import { usePeople } from '../../people/use-people.tsx';
import { useSync } from '../../sync/sync-context.tsx';
import { useRole } from '../../sync/use-connection.ts';
import { PANEL_TITLE_ID } from '../../ui/side-panel.tsx';
import { useFocusHeir } from '../../ui/use-focus-heir.ts';
import { LockSentence } from './lock-sentence.tsx';
import classes from './locks.module.css';
import { useLockDesk } from './locks-context.ts';
import { NotifyButton } from './notify-button.tsx';
import { useCaseLock } from './use-case-lock.ts';

const TakeAwayDialog = lazy(async () => ({ default: (await import('./take-away-dialog.tsx')).TakeAwayDialog }));

/** What describes the panel and its disabled controls; empty while nobody has locked the case. */
export const PANEL_LOCK_ID = 'panel-lock';

interface PanelLockProps {
  readonly records: readonly { readonly id: number }[];
  /** How the case is called in sentences. */
  readonly name: string;
}

/** In the panel: who edits the case, what that means, and what can be done about it. */
export function PanelLock({ records, name }: PanelLockProps) {
  const found = useCaseLock(records);
  const wish = { records: records.map((record) => record.id), name };
  return (
    <div role="status" id={PANEL_LOCK_ID}>
      {!found ? null : found.isMine ? <Elsewhere /> : <HeldByColleague lock={found.lock} wish={wish} />}
    </div>
  );
}

function Elsewhere() {
  const t = useTranslations('locks');
  return (
    <div className={classes.panel}>
      <IconAppWindow size={16} className={classes.panelIcon} aria-hidden="true" />
      <div>
        <p>{t('editingElsewhere')}</p>
        <p className={classes.hint}>{t('elsewhereHint')}</p>
      </div>
    </div>
  );
}

function HeldByColleague({ lock, wish }: { lock: LiveLock; wish: NamedCase }) {
  const t = useTranslations('locks');
  const { watch } = useLockDesk();
  const { client } = useSync();
  const person = usePeople().ofUser(lock.user);
  const mayTakeAway = roleAllows(useRole(), 'admin');
  const [isAsking, setAsking] = useState(false);
  const inherit = useFocusHeir(() => document.getElementById(PANEL_TITLE_ID), isAsking);
  return (
    <div {...inherit} className={classes.panel} style={{ '--person': person.color }} data-colleague>
      <IconLock size={16} className={classes.panelIcon} aria-hidden="true" />
      <div>
        <p>
          <LockSentence lock={lock} name={person.name} />
        </p>
        <p className={classes.hint}>{t('panelHint')}</p>
        <div className={classes.buttons}>
          <NotifyButton watch={watch} wish={wish} />
          {mayTakeAway ? (
            <Button variant="default" size="compact-sm" c="var(--bad)" onClick={() => setAsking(true)}>
              {t('takeAway')}
            </Button>
          ) : null}
        </div>
      </div>
      {isAsking ? (
        <Suspense>
          <TakeAwayDialog
            lock={lock}
            name={person.name}
            row={wish.name}
            end={() => client.endLock(lock.lock)}
            onClose={() => setAsking(false)}
          />
        </Suspense>
      ) : null}
    </div>
  );
}
