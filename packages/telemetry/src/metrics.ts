import { createServer } from 'node:http';
import { answerLogLevel, LOG_LEVEL_PATH } from './log-level.ts';
import type { Logger } from './logger.ts';
import type { ProcessMeter } from './metrics/process-meter.ts';
import type { Measurer } from './metrics-catalogue.ts';
import { answerReadiness, READINESS_PATH, type Readiness } from './readiness.ts';

const LOOPBACK = '127.0.0.1';

/** What the admin port answers with. */
export interface AdminEndpoints {
  readonly meter: Pick<ProcessMeter<Measurer>, 'exposition'>;
  readonly ready: () => Promise<Readiness>;
  /** Whose level `/loglevel` tells and sets. */
  readonly logger: Logger;
}

/**
 * Serves `/metrics`, `/healthz`, `/readyz` and `/loglevel` on a port of their own, away from the users'. Port 0 takes a free one; without a
 * host this machine alone is served.
 */
export async function serveAdmin(
  { port, host = LOOPBACK }: { readonly port: number; readonly host?: string | undefined },
  endpoints: AdminEndpoints,
): Promise<AsyncDisposable & { port: number }> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<[number, string, string]> => {
      const url = new URL(request.url ?? '/', 'http://admin');
      switch (url.pathname) {
        case '/metrics': {
          const { contentType, body } = await endpoints.meter.exposition(request.headers.accept);
          return [200, contentType, body];
        }
        case '/healthz':
          return [200, 'text/plain', 'ok\n'];
        case READINESS_PATH: {
          const { status, body } = answerReadiness(await endpoints.ready(), url);
          return [status, 'application/json', body];
        }
        case LOG_LEVEL_PATH: {
          const { status, body } = await answerLogLevel(request, endpoints.logger);
          return [status, 'application/json', body];
        }
        default:
          return [404, 'text/plain', 'not found\n'];
      }
    };
    answer().then(
      ([status, type, body]) => {
        // What was not read to its end is followed by no other request.
        if (!request.complete) response.setHeader('connection', 'close');
        response.writeHead(status, { 'content-type': type }).end(body);
      },
      (error: unknown) =>
        response
          .writeHead(503, { 'content-type': 'text/plain' })
          .end(`${error instanceof Error ? error.message : 'not ready'}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
