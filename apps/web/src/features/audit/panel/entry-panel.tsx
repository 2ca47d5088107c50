import type { AuditEntry } from '@meldesync/protocol';
import { type ReactNode, useEffect } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { useGoToCase } from '../../../address/reveal-case.ts';
import { formatPrecise } from '../../../i18n/format.ts';
import { Avatar } from '../../../people/avatar.tsx';
import { useSync } from '../../../sync/sync-context.tsx';
import { useIsLoaded } from '../../../sync/use-connection.ts';
import { PANEL_TITLE_ID, SidePanel } from '../../../ui/side-panel.tsx';
import { changesOfEntry } from '../entries/entry-changes.ts';
import { KindIcon } from '../entries/group-icon.tsx';
import { SealIcon, sealState } from '../entries/seal-mark.tsx';
import { useEntryWords } from '../entries/use-entry-words.ts';
import { useTrailFilter } from '../filters/trail-filter.ts';
import { EntryDiff } from './entry-diff.tsx';
import classes from './entry-panel.module.css';

interface EntryPanelProps {
  readonly entry: AuditEntry;
  /** Grows each time the panel is opened with a key: its title takes the focus. 0 when it was opened otherwise. */
  readonly focusRequest: number;
  readonly onClose: () => void;
}

/** Everything that is on record of one entry: who, when, from where, and what was before and after. */
export function EntryPanel({ entry, focusRequest, onClose }: EntryPanelProps) {
  const t = useTranslations('audit.entry');
  const words = useEntryWords();
  const what = words.kindOf(entry);
  useEffect(() => {
    if (focusRequest > 0) document.getElementById(PANEL_TITLE_ID)?.focus();
  }, [focusRequest]);
  return (
    <SidePanel
      label={t('panel', { what })}
      closeLabel={t('close')}
      title={
        <span className={classes.title}>
          <KindIcon kind={entry.kind} size={17} />
          {what}
        </span>
      }
      onClose={onClose}
    >
      <Facts entry={entry} />
      <Seal entry={entry} />
      {entry.isErased ? null : (
        <section className={classes.section} aria-label={t('changes')}>
          <h3 className={classes.heading}>{entry.before && entry.after ? t('changes') : t('content')}</h3>
          <EntryDiff changes={changesOfEntry(entry)} />
        </section>
      )}
      <OnlyThese entry={entry} />
    </SidePanel>
  );
}

function Facts({ entry }: { entry: AuditEntry }) {
  const t = useTranslations('audit.entry');
  const locale = useLocale();
  const words = useEntryWords();
  const person = words.personOf(entry);
  const subject = words.subjectOf(entry);
  return (
    <dl className={classes.facts}>
      <Fact name={t('who')}>
        <span className={classes.person}>
          <Avatar person={person} />
          {person.name}
        </span>
      </Fact>
      <Fact name={t('when')}>
        <time dateTime={entry.at}>{formatPrecise(entry.at, locale)}</time>
      </Fact>
      {entry.caseId === null ? null : (
        <Fact name={t('case')}>
          <CaseName entry={entry} caseId={entry.caseId} />
        </Fact>
      )}
      {entry.record === null ? null : (
        <Fact name={t('record')}>
          {entry.version === null
            ? t('recordNumber', { id: String(entry.record) })
            : t('recordVersion', { id: String(entry.record), version: String(entry.version) })}
        </Fact>
      )}
      {subject === null ? null : <Fact name={t('subject')}>{subject}</Fact>}
      <Fact name={t('via')}>{words.viaOf(entry)}</Fact>
      <Fact name={t('address')}>{entry.address}</Fact>
      <Fact name={t('session')}>{code(entry.session)}</Fact>
      <Fact name={t('import')}>{code(entry.import)}</Fact>
      <Fact name={t('operation')}>{code(entry.operation)}</Fact>
      <Fact name={t('key')}>{code(entry.key)}</Fact>
    </dl>
  );
}

/** A line of what is known; none of what is not. */
function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function code(text: string | null): ReactNode {
  return text === null ? null : <code className={classes.code}>{text}</code>;
}

/** The case, and the way to it while it is there. */
function CaseName({ entry: { record }, caseId }: { entry: AuditEntry; caseId: string }) {
  const t = useTranslations('audit.entry');
  const { client } = useSync();
  const goTo = useGoToCase();
  useIsLoaded();
  return (
    <span className={classes.case}>
      {caseId}
      {record !== null && client.store.get(record) ? (
        <button type="button" className={classes.link} onClick={() => goTo(record)}>
          {t('openCase')}
        </button>
      ) : null}
    </span>
  );
}

/** Whether it is proved that the entry is as it was, in a sentence. */
function Seal({ entry }: { entry: AuditEntry }) {
  const t = useTranslations('audit.seal');
  const state = sealState(entry);
  return (
    <div className={classes.sealed} data-state={state}>
      <span className={classes.sealTitle}>
        <SealIcon state={state} />
        {t(`titles.${state}`)}
      </span>
      {entry.isErased ? <p>{t('erasedText')}</p> : null}
      <p>{entry.seal === null ? t('openText') : t('sealedText', { number: String(entry.seal) })}</p>
    </div>
  );
}

/** Narrows the list to what is like this entry. */
function OnlyThese({ entry }: { entry: AuditEntry }) {
  const t = useTranslations('audit.entry');
  const tFilter = useTranslations('audit.filters');
  const words = useEntryWords();
  const filter = useTrailFilter();
  const { caseId, record } = entry;
  return (
    <section className={classes.section} aria-label={t('only')}>
      <h3 className={classes.heading}>{t('only')}</h3>
      <div className={classes.only}>
        <button type="button" onClick={() => filter.change((search) => ({ ...search, actors: [entry.actor] }))}>
          {words.personOf(entry).name}
        </button>
        <button
          type="button"
          onClick={() => filter.change(({ groups: _groups, ...search }) => ({ ...search, kinds: [entry.kind] }))}
        >
          {words.kindOf(entry)}
        </button>
        {caseId === null ? null : (
          <button type="button" onClick={() => filter.setCaseId(caseId)}>
            {tFilter('caseChip', { caseId })}
          </button>
        )}
        {record === null ? null : (
          <button type="button" onClick={() => filter.change((search) => ({ ...search, record }))}>
            {t('recordNumber', { id: String(record) })}
          </button>
        )}
      </div>
    </section>
  );
}
