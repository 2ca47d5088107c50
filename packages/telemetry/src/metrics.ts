import { createServer } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { answerLogLevel, LOG_LEVEL_PATH } from './log-level.ts';
import type { Logger } from './logger.ts';
import { answerReadiness, READINESS_PATH, type Readiness } from './readiness.ts';

export { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** A registry with the process's own metrics, labelled with its name. */
export function createRegistry(process: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  // The delay of the event loop is sampled by a timer: at the default of 10 ms it costs an idle process more than its work.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  return registry;
}

/** What the admin port answers with. */
export interface AdminEndpoints {
  readonly registry: Registry;
  readonly ready: () => Promise<Readiness>;
  /** Whose level `/loglevel` tells and sets. */
  readonly logger: Logger;
}

/** Serves `/metrics`, `/healthz`, `/readyz` and `/loglevel` on a port of their own, away from the users'. 0 takes a free port. */
export async function serveAdmin(port: number, endpoints: AdminEndpoints): Promise<AsyncDisposable & { port: number }> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<[number, string, string]> => {
      const url = new URL(request.url ?? '/', 'http://admin');
      switch (url.pathname) {
        case '/metrics':
          return [200, endpoints.registry.contentType, await endpoints.registry.metrics()];
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
      ([status, type, body]) => response.writeHead(status, { 'content-type': type }).end(body),
      (error: unknown) =>
        response
          .writeHead(503, { 'content-type': 'text/plain' })
          .end(`${error instanceof Error ? error.message : 'not ready'}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
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
