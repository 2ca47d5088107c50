import { useTranslations } from 'use-intl';
import { diffTexts } from '../../conflicts/text-diff.ts';
import type { EntryChange } from '../entries/entry-changes.ts';
import { useChangeWords } from '../entries/use-change-words.ts';
import classes from './entry-panel.module.css';

/** Each value as it was and as it then was; of a longer text what was taken out and put in. */
export function EntryDiff({ changes }: { changes: readonly EntryChange[] }) {
  const t = useTranslations('audit.entry');
  const words = useChangeWords();
  if (changes.length === 0) return <p className={classes.none}>{t('noChanges')}</p>;
  return (
    <dl className={classes.diff}>
      {changes.map((change) => {
        const before = words.valueOf(change, 'before');
        const after = words.valueOf(change, 'after');
        return (
          <div key={`${change.kind}:${change.field}`}>
            <dt>{words.nameOf(change)}</dt>
            <dd>
              <Values before={before} after={after} isText={isText(change)} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Values({ before, after, isText }: { before: string | null; after: string | null; isText: boolean }) {
  const t = useTranslations('audit.entry');
  const parts = isText && before !== null && after !== null ? diffTexts(before, after) : null;
  if (parts)
    return (
      <span className={classes.text}>
        {parts.map(({ kind, text }, index) => {
          const key = `${index}:${kind}`;
          if (kind === 'same') return <span key={key}>{text}</span>;
          return kind === 'added' ? <ins key={key}>{text}</ins> : <del key={key}>{text}</del>;
        })}
      </span>
    );
  return (
    <>
      {before === null ? null : (
        <span className={classes.side}>
          <span className="visually-hidden">{t('before')} </span>
          <del>{before}</del>
        </span>
      )}
      {before !== null && after !== null ? <span aria-hidden="true">→</span> : null}
      {after === null ? null : (
        <span className={classes.side}>
          <span className="visually-hidden">{t('after')} </span>
          <ins>{after}</ins>
        </span>
      )}
    </>
  );
}

/** Whether both sides are something that somebody wrote. */
function isText(change: EntryChange): boolean {
  return change.kind === 'field' && change.field === 'note' && change.before !== null && change.after !== null;
}
