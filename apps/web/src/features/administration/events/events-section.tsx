import { Button, NativeSelect } from '@mantine/core';
import { namesOfSubjects } from '@meldesync/client';
import { eventKindName } from '@meldesync/protocol';
import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { useClock } from '../../../i18n/use-clock.ts';
import { StatePage } from '../../../ui/state-page.tsx';
import { eventsQuery, workspacesQuery } from '../administration-queries.ts';
import { Loaded, SectionHead } from '../section.tsx';
import tableClasses from '../table.module.css';
import { Table } from '../table.tsx';
import { EventRow } from './event-row.tsx';
import classes from './events.module.css';

const TICK_MS = 30_000;

/** What was done to people and workspaces, newest first; in one workspace, or for null in the whole installation. Long for its markup. */
export function EventsSection({ workspace }: { workspace: string | null }) {
  const t = useTranslations('administration.events');
  const tAll = useTranslations('administration');
  const locale = useLocale();
  const now = useClock(TICK_MS);
  const kindName = (one: string): string => eventKindName(one, locale);
  const [text, setText] = useState('');
  const [kind, setKind] = useState('');
  const query = useInfiniteQuery(eventsQuery(workspace));
  const workspaces = useQuery(workspacesQuery);
  const events = query.data?.pages.flatMap((page) => page.events) ?? [];
  const nameOfWorkspace = new Map(workspaces.data?.map(({ id, name }) => [id, name]));
  const kinds = [...new Set(events.map((event) => event.kind))].toSorted((one, other) =>
    kindName(one).localeCompare(kindName(other), locale),
  );
  return (
    <>
      <SectionHead
        title={tAll(workspace === null ? 'names.events' : 'names.history')}
        search={{ label: t('search'), text, onChange: setText }}
      >
        <NativeSelect
          size="xs"
          aria-label={t('kind')}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value)}
          data={[{ value: '', label: t('allKinds') }, ...kinds.map((one) => ({ value: one, label: kindName(one) }))]}
        />
      </SectionHead>
      <Loaded query={query}>
        {() => {
          if (events.length === 0)
            return (
              <StatePage heading="h2" icon={<IconHistory size={24} />} title={t('emptyTitle')} text={t('emptyText')} />
            );
          const names = namesOfSubjects(events);
          const wanted = text.trim().toLocaleLowerCase(locale);
          const shown = events
            .map((event) => ({ event, subject: event.subject === null ? null : (names.get(event.subject) ?? null) }))
            .filter(
              ({ event, subject }) =>
                (kind === '' || event.kind === kind) &&
                `${event.actorName ?? ''}\n${subject ?? ''}`.toLocaleLowerCase(locale).includes(wanted),
            );
          return (
            <>
              <Table
                label={tAll('names.events')}
                columns={[
                  { label: t('when'), width: '84px', isWide: true },
                  { label: t('what'), width: '200px' },
                  { label: t('whom'), width: '24%', isWide: true },
                  { label: t('changes') },
                  { label: t('who'), width: '160px', isWide: true },
                ]}
                minWidth={980}
              >
                {shown.map(({ event, subject }) => (
                  <EventRow
                    key={event.id}
                    event={event}
                    subject={subject}
                    workspace={event.workspace === null ? null : (nameOfWorkspace.get(event.workspace) ?? null)}
                    now={now}
                  />
                ))}
              </Table>
              {shown.length === 0 ? <p className={tableClasses.none}>{t('noMatch')}</p> : null}
              {query.hasNextPage ? (
                <div className={classes.more}>
                  <Button
                    variant="default"
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {t('more')}
                  </Button>
                </div>
              ) : null}
            </>
          );
        }}
      </Loaded>
    </>
  );
}
