import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePeople } from '../people/use-people.tsx';
import { useSync } from '../sync/sync-context.tsx';
import { collectRemoteChanges, type RemoteSummary } from './remote-summary.ts';

/** Reads out what colleagues changed, collected, so that a busy team does not talk over everything else. */
export function RemoteAnnouncer() {
  const t = useTranslations('cases');
  const { client } = useSync();
  const people = usePeople();
  const [summary, setSummary] = useState<RemoteSummary | null>(null);
  useEffect(() => collectRemoteChanges(client.store, setSummary), [client]);
  const [first] = summary?.people ?? [];
  return (
    <div aria-live="polite" className="visually-hidden">
      {summary && first !== undefined
        ? t('remoteAnnouncement', {
            people: summary.people.size,
            cases: summary.cases.size,
            name: people.ofActor(first).name,
          })
        : null}
    </div>
  );
}
