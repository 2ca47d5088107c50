import { type AuditView, type Author, beginAuditExport } from '@meldesync/db';
import { VERSION } from '@meldesync/lifecycle';
import type { AuditFormat } from '@meldesync/protocol';
import { exportChunks } from '../audit-export/export-chunks.ts';
import { createExportFormat } from '../audit-export/export-format.ts';
import { CodedError } from '../coded-error.ts';
import type { ApiServices } from './api-context.ts';
import { respondStreamed } from './streamed-body.ts';

/** So many exports a node writes at the same time: each reads the database again and again. */
const AT_ONCE = 4;

/** Who takes what of the trail along. */
interface ExportRequest {
  readonly author: Author;
  readonly view: AuditView;
  readonly format: AuditFormat;
  readonly language: 'de' | 'en';
}

/**
 * Answers with an export. Rejects with `unavailable` where too many are being written, with `rate-limited` where too many are one person's.
 */
export type AuditExports = (request: ExportRequest) => Promise<Response>;

/** The exports of a node. */
export function createAuditExports({
  database,
  people,
  answers,
  limits,
  logger,
}: Pick<ApiServices, 'database' | 'people' | 'answers' | 'limits' | 'logger'>): AuditExports {
  let writing = 0;
  return async ({ author, view, format, language }) => {
    await limits.rates.ofAccount('exports', author.actor);
    if (writing >= AT_ONCE) throw new CodedError('unavailable', 'too many exports at once');
    const leave = limits.rates.occupy('exports', author.actor);
    writing += 1;
    const ended = () => {
      writing -= 1;
      leave();
    };
    try {
      const begun = await beginAuditExport(database, { author, view, format });
      const written = createExportFormat(format, { begun, language, baseUrl: people.baseUrl, version: VERSION });
      const onError = (error: unknown) => {
        const { code, level } = answers.judgeFailure(error);
        logger.event('request-failed', { err: error, method: 'POST', route: 'audit/export' }, level);
        return code;
      };
      const chunks = withEnd(exportChunks(database, begun, { format: written, onError }), ended);
      const day = begun.at.slice(0, 10);
      return respondStreamed(chunks, {
        status: 200,
        headers: {
          'content-type': written.contentType,
          'content-disposition': `attachment; filename="meldesync-protokoll-${day}.${written.extension}"`,
          'cache-control': 'no-store',
        },
      });
    } catch (error) {
      ended();
      throw error;
    }
  };
}

/** The same, and what is to be done when nobody reads them any more, whether they were read at all or not. */
function withEnd<T>(chunks: AsyncGenerator<T>, ended: () => void): AsyncIterable<T> {
  let isOver = false;
  const end = () => {
    if (!isOver) ended();
    isOver = true;
  };
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        try {
          const result = await chunks.next();
          if (result.done) end();
          return result;
        } catch (error) {
          end();
          throw error;
        }
      },
      async return() {
        end();
        await chunks.return(undefined);
        return { done: true, value: undefined };
      },
    }),
  };
}
