import { Button, Skeleton, TextInput } from '@mantine/core';
import { describeError } from '@meldesync/protocol';
import { IconCloudOff, IconLock, IconSearch } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { errorCodeOf, isUnreachable } from '../../api/api.ts';
import { SEARCH_FIELD_ID } from '../../ui/landmarks.ts';
import { StatePage } from '../../ui/state-page.tsx';
import classes from './section.module.css';

interface SectionHeadProps {
  readonly title: string;
  /** How many there are, in words. */
  readonly count?: string | undefined;
  readonly search?:
    | { readonly label: string; readonly text: string; readonly onChange: (text: string) => void }
    | undefined;
  readonly children?: ReactNode;
}

/** The heading of a part of Verwaltung, what it is searched by, and what can be made in it. */
export function SectionHead({ title, count, search, children }: SectionHeadProps) {
  return (
    <div className={classes.head}>
      <h1 className={classes.title}>{title}</h1>
      {count === undefined ? null : (
        <span className={classes.count} role="status">
          {count}
        </span>
      )}
      {search ? (
        <TextInput
          id={SEARCH_FIELD_ID}
          className={classes.search ?? ''}
          type="search"
          size="xs"
          aria-label={search.label}
          placeholder={search.label}
          leftSection={<IconSearch size={14} />}
          value={search.text}
          onChange={(event) => search.onChange(event.currentTarget.value)}
        />
      ) : null}
      {children ? <div className={classes.actions}>{children}</div> : null}
    </div>
  );
}

/** What was asked for once it is there; before that, that it comes or why it does not. */
export function Loaded<Data>({
  query,
  children,
}: {
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>;
  children: (data: Data) => ReactNode;
}) {
  const t = useTranslations('administration');
  const tShell = useTranslations('shell');
  const locale = useLocale();
  const { data, error, refetch } = query;
  const code = error ? errorCodeOf(error) : null;
  if (code === 'forbidden' || code === 'workspace-not-found')
    return <StatePage heading="h2" icon={<IconLock size={24} />} title={describeError(code, locale)} />;
  if (data !== undefined) return children(data);
  if (code)
    return (
      <StatePage
        heading="h2"
        icon={<IconCloudOff size={24} />}
        title={t('errorTitle')}
        text={isUnreachable(error) ? tShell('unreachableText') : describeError(code, locale)}
        action={<Button onClick={() => void refetch()}>{tShell('retry')}</Button>}
      />
    );
  return (
    <div role="status" className={classes.skeleton}>
      <span className="visually-hidden">{tShell('loading')}</span>
      {[0, 1, 2, 3, 4].map((line) => (
        <Skeleton key={line} height={20} />
      ))}
    </div>
  );
}
