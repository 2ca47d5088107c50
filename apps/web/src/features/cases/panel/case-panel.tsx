import { ActionIcon } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { CaseRow, ClientRecord } from '@meldesync/client';
import { IconPrinter, IconTrashX } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { useRowName } from '../../../editing/use-row-name.ts';
import { useSync } from '../../../sync/sync-context.tsx';
import { PANEL_TITLE_ID, SidePanel } from '../../../ui/side-panel.tsx';
import { StatePage } from '../../../ui/state-page.tsx';
import { PANEL_LOCK_ID, PanelLock } from '../../locks/panel-lock.tsx';
import { useLockReason } from '../../locks/use-lock-reason.ts';
import { PanelPeople } from '../../presence/panel-people.tsx';
import { useAttend } from '../../presence/presence-context.tsx';
import { DoneCell } from '../cells/done-cell.tsx';
import { StatusCell } from '../cells/status-cell.tsx';
import { recordsOfRow } from '../facts/case-facts.ts';
import { CaseHistory } from './case-history.tsx';
import classes from './case-panel.module.css';
import { RecordSection } from './record-section.tsx';
import { useCaseOfRecord } from './use-case-of-record.ts';

interface CasePanelProps {
  /** Internal id of any record of the case. */
  readonly record: number;
  /** Grows each time the panel is opened with a key: its title takes the focus. 0 when it was opened otherwise. */
  readonly focusRequest: number;
  readonly onClose: () => void;
}

/** How long someone stays on a case before its history is fetched: walking through the list fetches none. */
const REST_MS = 250;

/** Everything about one case: both halves in words, what stands out, texts to copy, what happened to it. */
export function CasePanel({ record, focusRequest, onClose }: CasePanelProps) {
  const t = useTranslations('panel');
  const { client } = useSync();
  const row = useCaseOfRecord(record);
  const rowName = useRowName();
  // Here, because the body is another one for each case.
  const [restingOn] = useDebouncedValue(row?.key, REST_MS);

  useEffect(() => {
    if (focusRequest > 0) document.getElementById(PANEL_TITLE_ID)?.focus();
  }, [focusRequest]);

  if (!row) {
    // Until the first snapshot is there nobody can say that a record is gone.
    if (client.cursor === null) return null;
    return (
      <SidePanel label={t('goneTitle')} closeLabel={t('close')} title="" onClose={onClose}>
        <StatePage heading="h2" icon={<IconTrashX size={24} />} title={t('goneTitle')} text={t('goneText')} />
      </SidePanel>
    );
  }
  return (
    <SidePanel
      label={t('label', { row: rowName(row) })}
      closeLabel={t('close')}
      title={rowName(row)}
      describedBy={PANEL_LOCK_ID}
      tools={
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('print')} onClick={() => print()}>
          <IconPrinter size={17} />
        </ActionIcon>
      }
      onClose={onClose}
    >
      <CaseBody key={row.key} row={row} isResting={row.key === restingOn} />
    </SidePanel>
  );
}

function CaseBody({ row, isResting }: { row: CaseRow; isResting: boolean }) {
  const t = useTranslations('panel');
  const tEdit = useTranslations('edit');
  const rowName = useRowName();
  const records = useMemo(() => recordsOfRow(row), [row]);
  const lockReason = useLockReason(records);
  const subject = { records: records.map(({ id }) => id), name: rowName(row) };
  useAttend(records);
  return (
    <>
      <PanelLock records={records} name={subject.name} />
      <PanelPeople records={records} />
      <div className={classes.summary}>
        <StatusCell row={row} />
        <span className={classes.done}>
          <span aria-hidden="true">{tEdit('done')}</span>
          <DoneCell row={row} />
        </span>
      </div>
      {records.map((record) => (
        <RecordSection
          key={record.id}
          record={record}
          title={halfTitle(record)}
          subject={subject}
          lockReason={lockReason}
        />
      ))}
      <CaseHistory records={records} subject={subject} lockReason={lockReason} isResting={isResting} />
    </>
  );

  function halfTitle({ mb }: ClientRecord): string {
    if (!mb) return t('unreadable');
    return mb.artDerDaten === 'G' ? t('genomic') : t('clinical');
  }
}
