import { createRequest, SyncError } from '@meldesync/client';
import { API_PREFIX, type AuditExport, type AuditQuery, auditPage, auditReport, problem } from '@meldesync/protocol';
import type { CliContext, GlobalOptions } from '../context.ts';
import { openService, type Service } from '../session/service.ts';
import { chooseWorkspace } from '../session/workspace.ts';

/** What of the trail a command works with: that of a workspace, or of the whole installation. */
export interface AuditService extends Service {
  /** Id of the workspace; undefined for all. */
  readonly workspace: string | undefined;
  readonly query: (query: Partial<AuditQuery>) => ReturnType<typeof ask<typeof auditPage>>;
  readonly report: (caseId: string) => ReturnType<typeof ask<typeof auditReport>>;
  /** The answer as it comes; rejects with a `SyncError` where it is none. */
  readonly export: (wanted: AuditExport) => Promise<Response>;
}

type Schema = typeof auditPage | typeof auditReport;
type Send = ReturnType<typeof createRequest>;

const ask = <S extends Schema>(send: Send, schema: S, path: string, json: unknown) =>
  send<ReturnType<S['parse']>>(schema as never, path, { method: 'POST', json });

/** Signs in, and settles on a workspace unless the whole installation is asked for. */
export async function openAudit(
  context: CliContext,
  options: GlobalOptions & { readonly installation?: boolean },
): Promise<AuditService> {
  const service = await openService(context, options);
  const { server, workspace: wanted } = service.access;
  const { fetch } = service;
  const { language } = context;
  const workspace = options.installation ? undefined : chooseWorkspace(service.me.workspaces, wanted).id;
  const at = (what: string) =>
    workspace === undefined ? `/administration/audit/${what}` : `/workspaces/${workspace}/audit/${what}`;
  const send = createRequest({ baseUrl: server, fetch, language });
  return {
    ...service,
    workspace,
    query: (query) => ask(send, auditPage, at('query'), query),
    report: (caseId) => ask(send, auditReport, at('report'), { case: caseId }),
    export: async (wanted) => {
      const response = await fetch(`${server}${API_PREFIX}${at('export')}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(wanted),
      });
      if (response.ok) return response;
      const told = problem.safeParse(await response.json().catch(() => undefined));
      throw told.success ? new SyncError(told.data.code, { problem: told.data }) : new SyncError('unavailable');
    },
  };
}
