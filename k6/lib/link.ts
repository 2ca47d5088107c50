import http from 'k6/http';
import { clearInterval, clearTimeout, setInterval, setTimeout } from 'k6/timers';
import { WebSocket } from 'k6/websockets';
import type { DownMessage, UpMessage } from './messages.ts';
import { BASE_URL } from './settings.ts';

const PING_EVERY_MS = 3_000;
const SILENCE_LIMIT_MS = 3_000;
const PING_SOON_MS = 1_000;
/** Until there is a `welcome`; what swallows a try is given up then. */
const OPEN_LIMIT_MS = 6_000;
/** What k6 says of a close in the error before it, where its close event does not say it. */
const CLOSE_ERROR = /websocket: close (\d{4})(?: \([^)]*\))?(?:: (.*))?/s;

export interface LinkEvents {
  readonly onOpen: () => void;
  readonly onMessage: (message: DownMessage) => void;
  /** Once. `silent` is a connection that was given up (P22). */
  readonly onEnd: (code: number | 'silent', reason: string) => void;
  /** What came is no message of the protocol. */
  readonly onUnreadable: (text: string) => void;
}

/** One WebSocket with its heartbeat (P1, P2, P21, P22). After `close`, or its end, it says nothing any more. */
export class Link {
  readonly #socket: WebSocket;
  readonly #events: LinkEvents;
  #isOver = false;
  #isWelcome = false;
  #close: { code: number; reason: string } | undefined;
  #pings: number | undefined;
  #silence: number | undefined;
  #roundTripMs: number | undefined;
  #applyLagMs = 0;

  constructor(token: string, events: LinkEvents) {
    this.#events = events;
    this.#socket = new WebSocket(`${BASE_URL.replace(/^http/, 'ws')}/sync`, null, {
      // k6's types keep the second parameter for later; the header is what it becomes.
      headers: { authorization: `Bearer ${token}`, 'sec-websocket-protocol': 'meldesync.v1' },
      jar: new http.CookieJar(),
      tags: { name: 'sync' },
    });
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.addEventListener('open', () => {
      if (!this.#isOver) events.onOpen();
    });
    this.#socket.addEventListener('message', (event) => {
      if (!this.#isOver && 'data' in event) this.#hear(event.data);
    });
    this.#socket.addEventListener('error', (event) => {
      if ('error' in event) this.#close ??= closeOf(event.error);
    });
    this.#socket.addEventListener('close', (event: unknown) => {
      const { code, reason } = saidBy(event) ?? this.#close ?? { code: 1006, reason: '' };
      this.#end(code, reason);
    });
    this.#silence = setTimeout(() => this.#giveUp(), OPEN_LIMIT_MS);
  }

  /** False where it can be sent no more. */
  send(message: UpMessage): boolean {
    if (this.#isOver || this.#socket.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Begins the heartbeat, once there was a `welcome`. */
  welcome(): void {
    this.#isWelcome = true;
    this.#disarm();
    this.#ping();
    this.#pings = setInterval(() => this.#ping(), PING_EVERY_MS);
  }

  /** Said with the next ping: how long the last changes took to be applied (P35). */
  applied(lagMs: number): void {
    this.#applyLagMs = lagMs;
  }

  /** Ends it from this side, without a word to its owner. */
  close(): void {
    if (this.#isOver) return;
    this.#stop();
    this.#socket.close();
  }

  #hear(data: unknown): void {
    if (this.#isWelcome) this.#disarm();
    const message = typeof data === 'string' ? read(data) : undefined;
    if (message === undefined) {
      this.#events.onUnreadable(String(data).slice(0, 200));
      return;
    }
    if (message.type === 'pong') {
      this.#roundTripMs = Date.now() - message.sentAt;
      if (message.ageMs !== undefined) setTimeout(() => this.#ping(), PING_SOON_MS);
    }
    this.#events.onMessage(message);
  }

  #ping(): void {
    if (this.#isOver) return;
    const roundTrip = this.#roundTripMs === undefined ? {} : { roundTripMs: this.#roundTripMs };
    this.send({ type: 'ping', sentAt: Date.now(), applyLagMs: this.#applyLagMs, ...roundTrip });
    this.#silence ??= setTimeout(() => this.#giveUp(), SILENCE_LIMIT_MS);
  }

  #disarm(): void {
    if (this.#silence !== undefined) clearTimeout(this.#silence);
    this.#silence = undefined;
  }

  #giveUp(): void {
    if (this.#isOver) return;
    this.#stop();
    this.#socket.close();
    this.#events.onEnd('silent', 'nothing was heard');
  }

  #end(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#stop();
    this.#events.onEnd(code, reason);
  }

  #stop(): void {
    this.#isOver = true;
    this.#disarm();
    if (this.#pings !== undefined) clearInterval(this.#pings);
  }
}

function read(text: string): DownMessage | undefined {
  try {
    return JSON.parse(text) as DownMessage;
  } catch {
    // P45: whoever hears it decides what it costs.
    return undefined;
  }
}

/** k6 tells code and reason with its close event since 2.0; its types do not know of it. */
function saidBy(event: unknown): { code: number; reason: string } | undefined {
  const { code, reason } = event as { code?: unknown; reason?: unknown };
  if (typeof code !== 'number' || code === 0) return undefined;
  return { code, reason: typeof reason === 'string' ? reason : '' };
}

function closeOf(error: string): { code: number; reason: string } | undefined {
  const [, code, reason] = CLOSE_ERROR.exec(error) ?? [];
  return code === undefined ? undefined : { code: Number(code), reason: reason ?? '' };
}
