import { useLocale, useTranslations } from 'use-intl';
import { COLUMN_IDS } from '../columns/column-ids.ts';
import classes from './case-grid.module.css';
import type { Section } from './sections.ts';

interface SectionRowProps {
  readonly section: Section;
  readonly line: number;
  readonly top: number;
}

/** Heading of a group of rows. */
export function SectionRow({ section, line, top }: SectionRowProps) {
  const t = useTranslations('cases.groups');
  const locale = useLocale();
  return (
    <div role="row" aria-rowindex={line + 2} className={classes.section} style={{ transform: `translateY(${top}px)` }}>
      <div role="rowheader" aria-colindex={1} aria-colspan={COLUMN_IDS.length} className={classes.sectionCell}>
        {t(section.name)}
        <span className={classes.sectionCount}>{section.count.toLocaleString(locale)}</span>
      </div>
    </div>
  );
}
