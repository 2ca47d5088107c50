import { AUDIT_GROUPS, type AuditGroup, auditGroupName, auditKindName } from '@meldesync/protocol';
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { kindsOf, withToggled } from '../../../address/audit-search.ts';
import checkBox from '../../../ui/check-box.module.css';
import type { MenuContentProps } from '../../../ui/menu-button.tsx';
import { OpenPopover } from '../../../ui/open-popover.tsx';
import { GroupIcon } from '../entries/group-icon.tsx';
import classes from './filters.module.css';
import { useTrailFilter } from './trail-filter.ts';

/** What the entries are about: groups, or single kinds in them. */
export function KindFilter({ label, onClose }: MenuContentProps) {
  const t = useTranslations('audit.filters');
  return (
    <OpenPopover label={label} onClose={onClose} width={320} position="bottom-start" className={classes.scrolling}>
      <ul className={classes.list} aria-label={t('kind')}>
        {AUDIT_GROUPS.map((group, index) => (
          <Group key={group} group={group} isFirst={index === 0} />
        ))}
      </ul>
    </OpenPopover>
  );
}

function Group({ group, isFirst }: { group: AuditGroup; isFirst: boolean }) {
  const t = useTranslations('audit.filters');
  const locale = useLocale();
  const { search, change } = useTrailFilter();
  const kinds = kindsOf([group]);
  const isChosen = search.groups?.includes(group) ?? false;
  const chosen = kinds.filter((kind) => search.kinds?.includes(kind));
  const [isUnfolded, setUnfolded] = useState(chosen.length > 0);
  const name = auditGroupName(group, locale);
  /** All of a group: its single kinds need not be named. */
  const toggleGroup = (): void =>
    change((current) => {
      const { kinds: single = [], ...rest } = withToggled(current, 'groups', group);
      const others = single.filter((kind) => !kinds.includes(kind));
      return others.length > 0 ? { ...rest, kinds: others } : rest;
    });
  /** One of a group that was chosen as a whole: it alone from now on. */
  const toggleKind = (kind: string): void =>
    change((current) => withToggled(isChosen ? withToggled(current, 'groups', group) : current, 'kinds', kind));
  return (
    <li>
      <div className={classes.line}>
        <label className={classes.choice}>
          <input
            type="checkbox"
            className={checkBox.box}
            checked={isChosen}
            data-autofocus={isFirst || undefined}
            ref={(box) => {
              if (box) box.indeterminate = !isChosen && chosen.length > 0;
            }}
            onChange={toggleGroup}
          />
          <GroupIcon group={group} />
          {name}
        </label>
        <button
          type="button"
          className={classes.unfold}
          aria-expanded={isUnfolded}
          aria-label={t('kindsOf', { group: name })}
          onClick={() => setUnfolded(!isUnfolded)}
        >
          <IconChevronRight size={15} aria-hidden="true" />
        </button>
      </div>
      {isUnfolded ? (
        <ul className={classes.kinds} aria-label={t('kindsOf', { group: name })}>
          {kinds.map((kind) => (
            <li key={kind}>
              <label className={classes.choice}>
                <input
                  type="checkbox"
                  className={checkBox.box}
                  checked={isChosen || chosen.includes(kind)}
                  onChange={() => toggleKind(kind)}
                />
                {auditKindName(kind, locale)}
              </label>
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  );
}
