import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRef } from 'react';
import { SEARCH_FIELD_ID } from './landmarks.ts';
import classes from './search-field.module.css';

interface SearchFieldProps {
  readonly label: string;
  /** What stands in it while it is empty. */
  readonly hint: string;
  readonly clearLabel: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly className?: string | undefined;
  readonly maxLength?: number;
}

/** The search of a page, which `/` leads to; Escape and its button empty it. */
export function SearchField({ label, hint, clearLabel, text, onText, className = '', maxLength }: SearchFieldProps) {
  const ref = useRef<HTMLInputElement>(null);
  const clear = (): void => {
    onText('');
    ref.current?.focus();
  };
  return (
    <TextInput
      ref={ref}
      id={SEARCH_FIELD_ID}
      type="search"
      size="xs"
      className={`${classes.field} ${className}`}
      aria-label={label}
      placeholder={hint}
      autoComplete="off"
      spellCheck={false}
      {...(maxLength === undefined ? {} : { maxLength })}
      value={text}
      onChange={(event) => onText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && text !== '') clear();
      }}
      leftSection={<IconSearch size={15} />}
      rightSection={
        text === '' ? (
          <kbd aria-hidden="true">/</kbd>
        ) : (
          <CloseButton size={24} aria-label={clearLabel} onClick={clear} />
        )
      }
      rightSectionPointerEvents={text === '' ? 'none' : 'all'}
    />
  );
}
