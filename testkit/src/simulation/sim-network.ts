import type { ErrorCode } from '@meldesync/protocol';
import { watchFeed } from './feed-watch.ts';
import { drawLagMs, type Lag } from './lag.ts';
import type { Scheduler, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import { SimConnection } from './sim-connection.ts';
import type { HttpAnswer, SimNode } from './sim-node.ts';

/** What HTTP may suffer. Chances of each request. */
export interface HttpFaults {
  /** The request or its answer is lost, and the client is told that the connection broke. */
  fail: number;
  /** Nothing ever comes back. */
  hang: number;
  /** A proxy answers 503 by itself. */
  refuse: number;
  /** A proxy asks a second time, perhaps another node, and hands on the answer that comes last. */
  repeat: number;
}

export interface SimNetworkOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly lag: Lag;
  readonly nodes: ReadonlySet<SimNode>;
  /** Hears of each message; absent while nobody reads along. */
  readonly onMessage: ((client: string, node: string, way: '→' | '←', text: string) => void) | undefined;
  /** Hears of a connection whose feed has a gap. */
  readonly violated: (what: string) => void;
}

/** How a client is connected. */
export interface LinkQuality {
  readonly latencyMs: readonly [number, number];
  readonly bytesPerMs: number;
}

/** In the problem details of a request with a cursor of another epoch. */
const FOREIGN_EPOCH = `"code":"${'cursor-unknown' satisfies ErrorCode}"`;

/** What lies between clients and nodes: a balancer that picks any living node for each connection and each request. */
export class SimNetwork {
  readonly http: HttpFaults = { fail: 0, hang: 0, refuse: 0, repeat: 0 };
  /** Whether WebSockets come about; a proxy that knows none refuses them. */
  letsSocketsThrough = true;
  /** Edits that were answered over HTTP. */
  httpEdits = 0;
  readonly connections = new Set<SimConnection>();
  readonly #options: SimNetworkOptions;

  constructor(options: SimNetworkOptions) {
    this.#options = options;
  }

  open(client: SimProcess, userId: string, { latencyMs, bytesPerMs }: LinkQuality): SimConnection {
    const { scheduler, random, lag, onMessage, violated } = this.#options;
    const latency = (): number => random.between(...latencyMs) + drawLagMs(lag, random);
    const connection: SimConnection = new SimConnection({
      scheduler,
      client,
      latencyMs: latency,
      bytesPerMs,
      onMessage: onMessage && ((way, text) => onMessage(client.name, connection.nodeName, way, text)),
      watch: watchFeed((what) => violated(`${client.name} at ${connection.nodeName}: ${what}`)),
    });
    this.connections.add(connection);
    scheduler.after(latency(), scheduler.world, () => {
      for (const other of this.connections) if (other.socket.readyState === 3) this.connections.delete(other);
      const node = this.letsSocketsThrough ? this.#pick() : undefined;
      if (node) scheduler.after(0, node.process, () => node.accept(connection, userId));
      else connection.refuse();
    });
    return connection;
  }

  /** `fetch` of a client. `onForeignEpoch` hears when a node says that the client's epoch is none of its own. */
  fetch(client: SimProcess, { latencyMs }: LinkQuality, onForeignEpoch: () => void): typeof globalThis.fetch {
    const { scheduler, random, lag } = this.#options;
    const latency = (): number => random.between(...latencyMs) + drawLagMs(lag, random);
    return (input, init) =>
      new Promise((resolve, reject) => {
        const signal = init?.signal;
        const abort = (): void => reject(signal?.reason as Error);
        signal?.addEventListener('abort', abort, { once: true });
        const settle = (act: () => void): void => {
          scheduler.after(latency(), client, () => {
            signal?.removeEventListener('abort', abort);
            act();
          });
        };
        const answer = ({ status, body }: HttpAnswer): void =>
          settle(() => {
            if (body.includes(FOREIGN_EPOCH)) onForeignEpoch();
            resolve(toResponse(status, body));
          });
        const { fail, hang, refuse, repeat } = this.http;
        const url = new URL(input instanceof Request ? input.url : input);
        const body = typeof init?.body === 'string' ? init.body : '';
        if (random.chance(hang)) return;
        const isLost = random.chance(fail);
        let asked = random.chance(repeat) ? 2 : 1;
        const failed = (): void => settle(() => reject(new TypeError('the connection broke')));
        const ask = (): void => {
          const node = this.#pick();
          if (!node) {
            answer({ status: 502, body: '' });
            return;
          }
          scheduler.after(0, node.process, () => {
            void node.answer({ url, userId: client.name, body }).then((made) => {
              if (!scheduler.leave('HTTP answer')) return;
              asked -= 1;
              if (asked > 0) return;
              if (isLost) return failed();
              if (made.status === 200 && url.pathname.endsWith('/edits')) this.httpEdits += 1;
              answer(made);
            });
          });
          // The proxy notices that the node died under the request.
          scheduler.after(2_000, scheduler.world, () => {
            if (!node.process.isAlive) failed();
          });
        };
        if (random.chance(refuse)) answer({ status: 503, body: 'no JSON' });
        else for (let left = asked; left > 0; left--) scheduler.after(latency(), scheduler.world, ask);
      });
  }

  #pick(): SimNode | undefined {
    const living = [...this.#options.nodes].filter((node) => node.isAccepting && node.process.isAlive);
    return living.length > 0 ? this.#options.random.pick(living) : undefined;
  }
}

/** The part of a response that the client reads. */
function toResponse(status: number, body: string): Response {
  const response: Pick<Response, 'ok' | 'status' | 'headers' | 'text'> = {
    ok: status < 300,
    status,
    headers: new Headers(),
    text: () => Promise.resolve(body),
  };
  return response as Response;
}
