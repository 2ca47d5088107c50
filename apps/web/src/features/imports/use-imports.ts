import { hasImportEnded, type ImportSummary } from '@meldesync/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { importsQuery } from '../../api/queries.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { useConnection } from '../../sync/use-connection.ts';
import { pageNow } from '../../time/page-time.ts';
import { withImport } from './import-list.ts';
import { type ImportPace, type ProgressSample, paceBetween, sampleOf } from './import-pace.ts';

/** How often the list is read anew while a file is worked through: its messages are not sent twice, and one may be lost. */
const REREAD_MS = 5_000;

/**
 * The imports of the workspace: the list as it was read last, and what the feed has told since the page was opened. Neither
 * takes the other back, whichever of the two was under way for longer (R3.1).
 */
export function useImports() {
  const { client, workspace } = useSync();
  const queryClient = useQueryClient();
  const isLive = useConnection().name === 'live';
  const [told, setTold] = useState<ReadonlyMap<string, ImportSummary>>(new Map());
  const [paces, setPaces] = useState<ReadonlyMap<string, ImportPace>>(new Map());

  useEffect(() => {
    /** Each running import as this page first saw it. */
    const firsts = new Map<string, ProgressSample>();
    return client.onImport((summary: ImportSummary) => {
      setTold((known) => new Map(known).set(summary.id, summary));
      if (summary.status !== 'running') return;
      const latest = sampleOf(summary, pageNow());
      const first = firsts.get(summary.id);
      if (!first) firsts.set(summary.id, latest);
      const pace = first && paceBetween(first, latest);
      if (pace) setPaces((known) => new Map(known).set(summary.id, pace));
    });
  }, [client]);

  useEffect(() => {
    if (isLive) void queryClient.invalidateQueries({ queryKey: importsQuery(workspace.id).queryKey });
  }, [isLive, queryClient, workspace.id]);

  const list = useQuery({
    ...importsQuery(workspace.id),
    refetchInterval: ({ state }) => (state.data?.every(hasImportEnded) === false ? REREAD_MS : false),
  });
  const imports = useMemo(() => list.data && [...told.values()].reduce(withImport, list.data), [list.data, told]);
  return { imports, isError: list.isError, reread: list.refetch, paces };
}
