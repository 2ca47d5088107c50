import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { withToggled } from '../../../address/audit-search.ts';
import { membersQuery } from '../../../api/queries.ts';
import { useSync } from '../../../sync/sync-context.tsx';
import checkBox from '../../../ui/check-box.module.css';
import type { MenuContentProps } from '../../../ui/menu-button.tsx';
import { OpenPopover } from '../../../ui/open-popover.tsx';
import classes from './filters.module.css';
import { useTrailFilter } from './trail-filter.ts';
import { useActorName } from './use-actor-name.ts';

/** Who does something and is no person. */
const OTHERS = ['system', 'setup'];

/** Who did it: the people of the workspace, whoever is chosen already, and MeldeSync itself. */
export function PersonFilter({ label, onClose }: MenuContentProps) {
  const t = useTranslations('audit.filters');
  const locale = useLocale();
  const { workspace } = useSync();
  const { search, change } = useTrailFilter();
  const nameOf = useActorName();
  const [sought, setSought] = useState('');
  const { data: members = [] } = useQuery(membersQuery(workspace.id));
  const chosen = search.actors ?? [];
  const people = members.map(({ id, name }) => ({ actor: `user:${id}`, name }));
  const others = [...OTHERS, ...chosen]
    .filter((actor) => !people.some((person) => person.actor === actor))
    .map((actor) => ({ actor, name: nameOf(actor) }));
  const all = [...people.toSorted((one, other) => one.name.localeCompare(other.name, locale)), ...others];
  const shown = all.filter(({ name }) =>
    name.toLocaleLowerCase(locale).includes(sought.trim().toLocaleLowerCase(locale)),
  );
  const unique = [...new Map(shown.map((one) => [one.actor, one])).values()];
  return (
    <OpenPopover label={label} onClose={onClose} width={280} position="bottom-start" className={classes.scrolling}>
      <TextInput
        size="xs"
        aria-label={t('findPerson')}
        placeholder={t('findPerson')}
        autoComplete="off"
        data-autofocus
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
      />
      <ul className={classes.list} aria-label={t('person')}>
        {unique.map(({ actor, name }) => (
          <li key={actor}>
            <label className={classes.choice}>
              <input
                type="checkbox"
                className={checkBox.box}
                checked={chosen.includes(actor)}
                onChange={() => change((current) => withToggled(current, 'actors', actor))}
              />
              {name}
            </label>
          </li>
        ))}
      </ul>
      {unique.length === 0 ? <p className={classes.hint}>{t('nobody')}</p> : null}
    </OpenPopover>
  );
}
