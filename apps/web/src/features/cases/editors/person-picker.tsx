import { Combobox, useCombobox } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Avatar } from '../../../people/avatar.tsx';
import { useAssignable, usePeople } from '../../../people/use-people.tsx';
import { useSync } from '../../../sync/sync-context.tsx';
import { CONTENT_ID } from '../../../ui/page-main.tsx';
import classes from './editors.module.css';
import { focusAtEnd } from './text-area.tsx';
import { isWindowBlur } from './window-blur.ts';

interface PersonPickerProps {
  /** What the person is chosen for. */
  readonly label: string;
  /** The person it is now, null for nobody; undefined when it is not one. */
  readonly current: string | null | undefined;
  readonly onPick: (person: string | null) => void;
  /** `returnFocus`: it was closed with a key or by a choice. */
  readonly onEnd: (returnFocus: boolean) => void;
  readonly position?: 'bottom-start' | 'top-start';
  /** What was typed before the list was there. */
  readonly initialText?: string;
  /** Stands below the list. */
  readonly children?: ReactNode;
}

/** Before the browser hears of another key; the library's own way would wait a moment. */
const focusWhenThere = (field: HTMLInputElement | null): void => {
  if (field) focusAtEnd(field);
};

/** Stands for nobody in the list of people; no user id is empty. */
const NOBODY = '';

/** The people who may work on it over what it stands in, the signed-in one first, to find by typing. */
export function PersonPicker({
  label,
  current,
  onPick,
  onEnd,
  position = 'bottom-start',
  initialText = '',
  children,
}: PersonPickerProps) {
  const t = useTranslations('edit');
  const { user } = useSync();
  const people = usePeople();
  const assignable = useAssignable(current);
  const [text, setText] = useState(initialText);
  const combobox = useCombobox({ opened: true, onDropdownClose: () => onEnd(true) });
  const chosen = current === null ? NOBODY : current;

  const offer = useEffectEvent((typed: string) => {
    if (typed === '') combobox.selectActiveOption();
    else combobox.selectFirstOption();
  });
  // Once the list has followed: what is offered is marked in it.
  useEffect(() => offer(text), [text]);

  const options = [
    { id: user.id, name: t('me', { name: user.name }) },
    { id: NOBODY, name: t('nobody') },
    ...assignable
      .filter(({ id }) => id !== user.id)
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map(({ id, name }) => ({ id, name })),
  ].filter(({ name }) => name.toLocaleLowerCase().includes(text.trim().toLocaleLowerCase()));

  return (
    <Combobox
      store={combobox}
      width={260}
      position={position}
      offset={2}
      shadow="md"
      portalProps={{ target: `#${CONTENT_ID}` }}
      onOptionSubmit={(id) => {
        if (id !== chosen) onPick(id === NOBODY ? null : id);
        onEnd(true);
      }}
    >
      <Combobox.Target targetType="button">
        <span className={classes.anchor} aria-hidden="true" />
      </Combobox.Target>
      <Combobox.Dropdown onKeyDown={(event) => event.stopPropagation()}>
        <Combobox.Search
          ref={focusWhenThere}
          value={text}
          placeholder={t('searchPeople')}
          aria-label={t('searchPeople')}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={(event) => {
            if (!isWindowBlur(event)) onEnd(false);
          }}
        />
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label={label}>
          {options.length === 0 ? <Combobox.Empty>{t('noPeople')}</Combobox.Empty> : null}
          {options.map(({ id, name }) => (
            <Combobox.Option key={id} value={id} active={id === chosen} selected={id === chosen}>
              <span className={classes.option}>
                {id === NOBODY ? <span className={classes.nobody} /> : <Avatar person={people.ofUser(id)} />}
                <span className={classes.optionName}>{name}</span>
                {id === chosen ? <IconCheck size={15} /> : null}
              </span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
        {children}
      </Combobox.Dropdown>
    </Combobox>
  );
}
