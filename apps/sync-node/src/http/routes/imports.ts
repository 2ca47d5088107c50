import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  cancelImport,
  continueImport,
  countWaitingImports,
  createImport,
  findSentImports,
  getImport,
  listImportRows,
  listImports,
  type SentFiles,
} from '@meldesync/db';
import { describeImportFinding } from '@meldesync/domain';
import {
  API_PREFIX,
  type ImportSummary,
  importList,
  importPage,
  importRow,
  importRowPage,
  importSummary,
  keepReadable,
  operationId,
  receivedImportSummary,
  roleAllows,
} from '@meldesync/protocol';
import type { Context, HonoRequest, MiddlewareHandler } from 'hono';
import { traceUpload } from '../../path/upload-trace.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { digestOfFiles } from '../digest-of-files.ts';
import { mayWait } from '../import-limits.ts';
import { limitWork } from '../limit-work.ts';
import { originOf } from '../origin-of.ts';
import { ApiError } from '../problems.ts';
import { tellEndedImports, tellImport } from '../tell-ended-imports.ts';
import {
  commonProblems,
  importParams,
  importProblems,
  jsonAnswer,
  linkNext,
  locatedAnswer,
  MAX_INTEGER,
  pageAnswer,
  pageQuery,
  security,
  uploadProblems,
  workspaceParams,
} from './route-parts.ts';

/** A row as it is kept: the sentence of a finding is made when it is asked for. */
const storedImportRow = importRow.extend({
  findings: z.array(importRow.shape.findings.element.omit({ message: true })),
});

const LIST_LIMIT = { most: 500, usual: 200 };
const MAX_FILES = 100;
const NONE_BEFORE: ReadonlyMap<number, ImportSummary> = new Map();
const MAX_FILENAME = 255;

/**
 * Files on their way in: taken here, worked through by a worker. Long because each route stands here with all that the API's
 * description says of it.
 */
export function importRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  const { database, logger, importQueue } = services;
  /** The imports wait in Postgres; without a job a worker finds them there. */
  const enqueue = (workspace: string): void => {
    importQueue.add(workspace).catch((error: unknown) => logger.event('import-not-queued', { err: error, workspace }));
  };

  /** Takes a file; one that is too large is refused as an import of its own. */
  const take = async (c: Context<ApiEnv>, file: File, sent: (SentFiles & { part: number }) | undefined) => {
    const { maxBytes } = services.importLimits;
    const trace = traceUpload(services.tracing, c.req.header('traceparent'));
    const refused = { code: 'file-too-large', params: { sizeBytes: file.size, limitBytes: maxBytes } };
    const created = await createImport(database, {
      workspaceId: c.req.param('workspace') ?? '',
      userId: c.get('identity').userId,
      origin: originOf(c),
      filename: baseName(file.name),
      sizeBytes: file.size,
      traceparent: trace.traceparent,
      content: file.size > maxBytes ? { refused } : { bytes: new Uint8Array(await file.arrayBuffer()) },
      sent,
    });
    trace.ended(file.size);
    return created;
  };

  api.openapi(
    createRoute({
      method: 'post',
      path: '/workspaces/{workspace}/imports',
      operationId: 'uploadImports',
      ...access('editor'),
      summary: 'Takes one or more CSV files of Meldebestätigungen',
      description: `Each file is a part \`file\`, at most ${MAX_FILES} of them, and becomes an import of its own; one that is refused does not touch the others. While too many wait already, none of the request is taken. \`Location\` leads to the import, or, of several files, to the list. What is sent again under its \`idempotency-key\` is taken once, and has its first answer again.`,
      security,
      middleware: [mayImport, isUpload, limitWork(services, 'uploads')] as const,
      request: {
        params: workspaceParams,
        headers: z.object({
          'idempotency-key': operationId
            .optional()
            .openapi({ description: 'The same files under the same key are taken once' }),
        }),
        body: {
          required: true,
          content: {
            'multipart/form-data': {
              // Looked at below: what is wrong with the request has codes of its own.
              schema: z
                .object({
                  file: z.any().openapi({
                    type: 'array',
                    items: { type: 'string', format: 'binary' },
                    minItems: 1,
                    maxItems: MAX_FILES,
                  }),
                })
                .openapi({ required: ['file'] }),
            },
          },
        },
      },
      responses: { 202: locatedAnswer('The imports, in the order of the files', importList), ...uploadProblems },
    }),
    async (c) => {
      const workspaceId = c.req.valid('param').workspace;
      const files = await readFiles(c.req);
      const { importLimits } = services;
      const { userId } = c.get('identity');
      const operation = c.req.valid('header')['idempotency-key'];
      const sent: SentFiles | undefined = operation ? { operation, digest: await digestOfFiles(files) } : undefined;
      const before = sent ? await findSentImports(database.drizzle, { workspaceId, userId, sent }) : NONE_BEFORE;
      const added = files.filter(({ size }, part) => !before.has(part) && size <= importLimits.maxBytes);
      const waiting = await countWaitingImports(database.drizzle, workspaceId, userId);
      const addedBytes = added.reduce((sum, { size }) => sum + size, 0);
      if (added.length > 0 && !mayWait(importLimits, waiting, { files: added.length, bytes: addedBytes })) {
        throw new ApiError('too-many-imports');
      }
      const imports: ImportSummary[] = [];
      for (const [part, file] of files.entries()) {
        const known = before.get(part);
        imports.push(known ?? (await take(c, file, sent && { ...sent, part })));
      }
      enqueue(workspaceId);
      const [first] = imports;
      const one = imports.length === 1 && first ? `/${first.id}` : '';
      c.header('location', `${API_PREFIX}/workspaces/${workspaceId}/imports${one}`);
      return c.json({ imports }, 202);
    },
    (result, c) => {
      if (result.success) return undefined;
      if (result.target !== 'form') return api.defaultHook?.(result, c);
      throw new ApiError('no-file');
    },
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/imports',
      operationId: 'listImports',
      ...access('member'),
      summary: 'A page of the imports, newest first',
      security,
      request: {
        params: workspaceParams,
        query: z.object({
          before: z.uuid().optional().openapi({ description: 'Where the page starts: `next` of the page before' }),
          limit: z.coerce.number().int().min(1).max(LIST_LIMIT.most).default(LIST_LIMIT.usual),
        }),
      },
      responses: { 200: pageAnswer('A page', importPage), ...commonProblems },
    }),
    async (c) => {
      const { workspace } = c.req.valid('param');
      const { before = null, limit } = c.req.valid('query');
      const found = await listImports(database.drizzle, { workspaceId: workspace, before, limit });
      // As clients read it: a status that only a newer node knows is none of these.
      const imports = keepReadable(receivedImportSummary, found.imports, (_, reason) =>
        services.onUnreadable({ place: 'import', workspace, reason }),
      );
      linkNext(c, 'before', found.next);
      return c.json({ imports, next: found.next }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/imports/{import}',
      operationId: 'getImport',
      ...access('member'),
      summary: 'One import',
      security,
      request: { params: importParams },
      responses: { 200: jsonAnswer('The import', importSummary), ...commonProblems },
    }),
    async (c) => {
      const { workspace, import: id } = c.req.valid('param');
      const found = await getImport(database.drizzle, workspace, id);
      if (!found) throw new ApiError('import-not-found');
      return c.json(found, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: '/workspaces/{workspace}/imports/{import}/cancellation',
      operationId: 'cancelImport',
      ...access('editor'),
      summary: 'Cancels a waiting, running or paused import',
      description: 'It ends at once. Rows that are in stay, and are counted.',
      security,
      middleware: mayImport,
      request: { params: importParams },
      responses: {
        200: jsonAnswer(
          'The import as it then stands; the same again for one that was cancelled before',
          importSummary,
        ),
        ...importProblems,
      },
    }),
    async (c) => {
      const { workspace, import: importId } = c.req.valid('param');
      const { userId } = c.get('identity');
      const cancelled = await cancelImport(database, {
        workspaceId: workspace,
        importId,
        userId,
        origin: originOf(c),
      });
      if (!cancelled) throw new ApiError('import-not-found');
      const { summary, isNew } = cancelled;
      if (summary.status !== 'cancelled') throw new ApiError('import-ended');
      if (isNew) tellEndedImports(services, [{ workspaceId: workspace, summary }], userId);
      return c.json(summary, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: '/workspaces/{workspace}/imports/{import}/continuation',
      operationId: 'continueImport',
      ...access('admin'),
      summary: 'Goes on with a paused import',
      description:
        'An import pauses when its person may not import any more. An administrator of the workspace goes on with it, in their own name, behind the rows that are in.',
      security,
      middleware: mayContinue,
      request: { params: importParams },
      responses: { 200: jsonAnswer('The import as it then stands', importSummary), ...importProblems },
    }),
    async (c) => {
      const { workspace: workspaceId, import: importId } = c.req.valid('param');
      const { userId } = c.get('identity');
      const summary = await continueImport(database, { workspaceId, importId, userId, origin: originOf(c) });
      if (!summary) throw new ApiError('import-not-found');
      logger.event('import-continued', { import: importId, user: userId });
      tellImport(services, workspaceId, summary);
      enqueue(workspaceId);
      return c.json(summary, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/imports/{import}/rows',
      operationId: 'listImportRows',
      ...access('member'),
      summary: 'Rows that were rejected or accepted with warnings, by line, with the reasons in words',
      security,
      request: {
        params: importParams,
        query: pageQuery(1_000, 200, MAX_INTEGER).extend({ outcome: importRow.shape.outcome.optional() }),
      },
      responses: { 200: pageAnswer('A page', importRowPage), ...commonProblems },
    }),
    async (c) => {
      const { workspace, import: id } = c.req.valid('param');
      const { after, limit, outcome } = c.req.valid('query');
      if (!(await getImport(database.drizzle, workspace, id))) throw new ApiError('import-not-found');
      const page = await listImportRows(database.drizzle, { importId: id, after, limit, outcome: outcome ?? null });
      const language = c.get('language');
      const readable = keepReadable(storedImportRow, page.rows, (_, reason) =>
        services.onUnreadable({ place: 'import', workspace, reason }),
      );
      const rows = readable.map((row) => ({
        ...row,
        findings: row.findings.map((finding) => ({
          ...finding,
          message: describeImportFinding(finding, language),
        })),
      }));
      linkNext(c, 'after', page.next);
      return c.json({ rows, next: page.next }, 200);
    },
  );
}

const mayImport: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (!roleAllows(c.get('role'), 'editor')) throw new ApiError('forbidden');
  await next();
};

const mayContinue: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (!roleAllows(c.get('role'), 'admin')) throw new ApiError('forbidden');
  await next();
};

/** Said before the files are looked at. */
const isUpload: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const type = c.req.header('content-type') ?? '';
  if (!type.toLowerCase().startsWith('multipart/form-data')) throw new ApiError('unsupported-media-type');
  await next();
};

async function readFiles(request: HonoRequest): Promise<File[]> {
  const form = await request.formData();
  const files = [...form.values()].filter((value) => value instanceof File);
  if (files.length === 0) throw new ApiError('no-file');
  if (files.length > MAX_FILES) throw new ApiError('payload-too-large', { detail: `${MAX_FILES}` });
  return files;
}

/** The last part of whatever path a client sent as the name, without control characters and marks that turn its direction around. */
function baseName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  return last.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '').slice(-MAX_FILENAME) || 'Meldebestaetigung.csv';
}
