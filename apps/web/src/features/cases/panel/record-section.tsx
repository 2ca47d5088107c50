import type { ClientRecord } from '@meldesync/client';
import type { Meldebestaetigung } from '@meldesync/domain';
import { describeField, describeFieldValue } from '@meldesync/domain';
import { IconChevronRight } from '@tabler/icons-react';
import { useLocale, useTranslations } from 'use-intl';
import type { NamedCase } from '../../../editing/named-case.ts';
import { shortenMiddle } from '../../../i18n/format.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import classes from './case-panel.module.css';
import { Findings } from './findings.tsx';
import { RecordFields } from './record-fields.tsx';

/** Fields whose codes are shown in words, with the code behind them. */
const CODED = new Set<keyof Meldebestaetigung>([
  'typ',
  'indikation',
  'produktzuordnung',
  'kostentraeger',
  'artDerDaten',
  'artDerSequenzierung',
  'qualitaetskontrolle',
]);

/** The order people read a Meldebestätigung in: what it is about first, identifiers last. */
const FIELDS: readonly (keyof Meldebestaetigung)[] = [
  'leistungsdatum',
  'zaehler',
  'typ',
  'indikation',
  'artDerSequenzierung',
  'qualitaetskontrolle',
  'datenknotenId',
  'leistungserbringerId',
  'kostentraeger',
  'produktzuordnung',
  'artDerDaten',
  'code',
];

interface RecordSectionProps {
  readonly record: ClientRecord;
  readonly title: string;
  /** The case, which is locked as a whole. */
  readonly subject: NamedCase;
  /** Who has locked it, in a sentence; null while no colleague has. */
  readonly lockReason: string | null;
}

/** One Meldebestätigung of the case. */
export function RecordSection({ record, title, subject, lockReason }: RecordSectionProps) {
  const t = useTranslations('panel');
  const locale = useLocale();
  const { mb, vorgangsnummer, ibe } = record;
  return (
    <section className={classes.record} aria-label={title}>
      <h3 className={classes.half}>
        {title}
        <span className={classes.version}>{t('version', { version: String(record.version) })}</span>
      </h3>
      <RecordFields record={record} half={title} subject={subject} lockReason={lockReason} />
      {mb ? (
        <dl className={classes.fields}>
          {FIELDS.map((field) => (
            <div key={field}>
              <dt>{describeField(field, locale)}</dt>
              <dd>
                {describeFieldValue(field, mb[field], locale)}
                {CODED.has(field) ? <code className={classes.code}>{mb[field]}</code> : null}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      <Findings record={record} />
      <h4 className={classes.subheading}>{t('sectionStrings')}</h4>
      <CopyLine name={t('vorgangsnummer')} text={vorgangsnummer} label={t('copyVorgangsnummer', { half: title })} />
      <CopyLine name={t('ibe')} text={ibe} label={t('copyIbe', { half: title })} />
      {mb ? (
        <CopyLine name={t('hashString')} text={mb.hashString} label={t('copyHashString', { half: title })} />
      ) : null}
    </section>
  );
}

/** A long text, shortened until it is opened, and a button that copies all of it. */
function CopyLine({ name, text, label }: { name: string; text: string; label: string }) {
  return (
    <div className={classes.copy}>
      <details className={classes.copyText}>
        <summary>
          <IconChevronRight size={14} aria-hidden="true" />
          <span className={classes.copyName}>{name}</span>
          <code className={classes.mono}>{shortenMiddle(text, 9)}</code>
        </summary>
        <code className={classes.full}>{text}</code>
      </details>
      <CopyButton text={text} label={label} />
    </div>
  );
}
