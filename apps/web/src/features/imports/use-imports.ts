import type { ImportSummary } from '@meldesync/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { importsQuery } from '../../api/queries.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { useConnection } from '../../sync/use-connection.ts';
import { withImport } from './import-list.ts';
import { type Pace, type PaceSample, paceBetween, sampleOf } from './import-pace.ts';

/** The imports of the workspace, kept current by the feed; read anew after an interruption (R3.1). */
export function useImports() {
  const { client, workspace } = useSync();
  const queryClient = useQueryClient();
  const isLive = useConnection().name === 'live';
  const [paces, setPaces] = useState<ReadonlyMap<string, Pace>>(new Map());

  useEffect(() => {
    const { queryKey } = importsQuery(workspace.id);
    /** Each running import as this page first saw it. */
    const firsts = new Map<string, PaceSample>();
    return client.onImport((summary: ImportSummary) => {
      queryClient.setQueryData(queryKey, (known) => known && withImport(known, summary));
      if (summary.status !== 'running') return;
      const latest = sampleOf(summary, Date.now());
      const first = firsts.get(summary.id);
      if (!first) firsts.set(summary.id, latest);
      const pace = first && paceBetween(first, latest);
      if (pace) setPaces((known) => new Map(known).set(summary.id, pace));
    });
  }, [client, queryClient, workspace.id]);

  useEffect(() => {
    if (isLive) void queryClient.invalidateQueries({ queryKey: importsQuery(workspace.id).queryKey });
  }, [isLive, queryClient, workspace.id]);

  return { imports: useQuery(importsQuery(workspace.id)), paces };
}
