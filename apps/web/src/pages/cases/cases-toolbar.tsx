import type { CaseFilter, CaseTotals } from '@meldesync/client';
import { useTranslations } from 'use-intl';
import { CASE_FILTERS } from '../../address/case-search.ts';
import { SearchField } from '../../ui/search-field.tsx';
import classes from './cases-toolbar.module.css';

interface CasesToolbarProps {
  readonly totals: CaseTotals;
  readonly filter: CaseFilter;
  readonly onFilter: (filter: CaseFilter) => void;
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** What is shown, in figures, and how to show something else. */
export function CasesToolbar({ totals, filter, onFilter, text, onText }: CasesToolbarProps) {
  const t = useTranslations('cases');
  return (
    <div className={classes.toolbar} data-print="none">
      <h1 className="visually-hidden">{t('title')}</h1>
      <SearchField
        className={classes.search}
        label={t('searchLabel')}
        hint={t('searchHint')}
        clearLabel={t('clearSearch')}
        text={text}
        onText={onText}
      />
      <div className={classes.filters} role="group" aria-label={t('filterGroup')}>
        {CASE_FILTERS.map((name) => (
          <button
            key={name}
            type="button"
            className={classes.filter}
            aria-pressed={filter === name}
            onClick={() => onFilter(name)}
          >
            {t(`filters.${name}`)}
          </button>
        ))}
      </div>
      <Totals totals={totals} onFilter={onFilter} />
    </div>
  );
}

/** Counts over what text and filter show; each shows only its cases. */
function Totals({ totals, onFilter }: Pick<CasesToolbarProps, 'totals' | 'onFilter'>) {
  const t = useTranslations('cases.totals');
  const entries: [CaseFilter, string, number][] = [
    ['all', t('all', { count: totals.cases }), totals.cases],
    ['complete', t('complete', { count: totals.complete }), totals.complete],
    ['valid', t('valid', { count: totals.valid }), totals.valid],
    ['done', t('done', { count: totals.done }), totals.done],
    ['without-case', t('without-case', { count: totals.withoutCase }), totals.withoutCase],
  ];
  return (
    <ul className={classes.totals} aria-label={t('label')}>
      {entries
        .filter(([name, , count]) => name !== 'without-case' || count > 0)
        .map(([name, total]) => (
          <li key={name}>
            <button type="button" className={classes.total} title={t('show', { total })} onClick={() => onFilter(name)}>
              {total}
            </button>
          </li>
        ))}
    </ul>
  );
}
