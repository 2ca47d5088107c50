import type * as websockets from 'k6/websockets';
import { type ClientOptions, type RawData, WebSocket as Socket } from 'ws';
import { emit } from '../../metrics/registry.ts';
import type { Iteration } from '../iteration.ts';
import type { PublicClass } from '../public-part.ts';
import type { Vu } from '../vu.ts';
import { jarOf } from './cookie-jar.ts';

type Listener = (event: websockets.MessageEvent | websockets.ErrorEvent) => void;

const STATES = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const;
const PROTOCOL = 'sec-websocket-protocol';

/** What the socket is opened with. Deflate costs ten times the memory of a socket, and is off unless the script wants it. */
function connectionOptions(vu: Vu, url: string, params: websockets.Params): [string[], ClientOptions] {
  const headers = Object.entries(params.headers ?? {});
  const protocols = headers
    .filter(([name]) => name.toLowerCase() === PROTOCOL)
    .flatMap(([, value]) => value.split(','));
  const cookies = jarOf(params.jar ?? vu).headerFor(url.replace(/^ws/, 'http'));
  return [
    protocols.map((protocol) => protocol.trim()),
    {
      headers: {
        'user-agent': vu.options.userAgent,
        ...(cookies === '' ? {} : { cookie: cookies }),
        ...Object.fromEntries(headers.filter(([name]) => name.toLowerCase() !== PROTOCOL)),
      },
      perMessageDeflate: params.compression === 'deflate',
      rejectUnauthorized: !vu.options.insecureSkipTLSVerify,
    },
  ];
}

function sizeOf(data: string | ArrayBuffer | ArrayBufferView): number {
  return typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
}

/** A socket of a VU. Its methods are there once, and not for each VU. */
class VuSocket {
  static readonly CONNECTING = STATES.CONNECTING;
  static readonly OPEN = STATES.OPEN;
  static readonly CLOSING = STATES.CLOSING;
  static readonly CLOSED = STATES.CLOSED;
  readonly CONNECTING = STATES.CONNECTING;
  readonly OPEN = STATES.OPEN;
  readonly CLOSING = STATES.CLOSING;
  readonly CLOSED = STATES.CLOSED;

  readonly url: string;
  binaryType: websockets.BinaryType = 'blob';
  onmessage!: (event?: websockets.MessageEvent) => void;
  onopen!: () => void;
  onclose!: () => void;
  onerror!: (event?: websockets.ErrorEvent) => void;
  onping!: () => void;
  onpong!: () => void;
  readonly #vu: Vu;
  readonly #socket: Socket;
  readonly #iteration: Iteration;
  readonly #tags: Record<string, string>;
  #listeners: Map<websockets.EventName, Listener[]> | undefined;

  constructor(vu: Vu, url: string, params: websockets.Params | null | undefined) {
    this.#vu = vu;
    const { builtIn } = vu.host;
    this.#iteration = vu.current('new WebSocket()');
    this.url = url;
    this.#tags = { url };
    for (const [name, value] of Object.entries(params?.tags ?? {})) this.#tags[name] = String(value);
    const startedMs = performance.now();
    this.#socket = new Socket(url, ...connectionOptions(vu, url, params ?? {}));
    // Ended with the iteration, and nobody is told: the script is not there any more.
    const release = this.#iteration.hold(() => this.#socket.terminate());
    let hasOpened = false;
    this.#socket.on('open', () => {
      hasOpened = true;
      emit(builtIn.wsSessions, 1, vu.tags, this.#tags);
      emit(builtIn.wsConnecting, performance.now() - startedMs, vu.tags, this.#tags);
      this.#tell('open', this.onopen, {});
    });
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('ping', () => this.#tell('ping', this.onping, {}));
    this.#socket.on('pong', () => this.#tell('pong', this.onpong, {}));
    this.#socket.on('error', (error) => this.#tell('error', this.onerror, { error: error.message }));
    this.#socket.on('close', (code, reason) => {
      if (hasOpened) emit(builtIn.wsSessionDuration, performance.now() - startedMs, vu.tags, this.#tags);
      // k6 says both; its types know of neither.
      this.#tell('close', this.onclose, { code, reason: reason.toString('utf8') });
      release();
    });
  }

  get readyState(): websockets.ReadyState {
    return this.#socket.readyState;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  #receive(raw: RawData, isBinary: boolean): void {
    const bytes = raw as Buffer;
    const { tags, host } = this.#vu;
    emit(host.builtIn.wsMsgsReceived, 1, tags, this.#tags);
    emit(host.builtIn.dataReceived, bytes.byteLength, tags, this.#tags);
    if (!isBinary) this.#tell('message', this.onmessage, { data: bytes.toString('utf8') });
    else if (this.binaryType === 'arraybuffer') {
      this.#tell('message', this.onmessage, { data: new Uint8Array(bytes).buffer });
    } else this.#iteration.fail(new Error("a binary message: set binaryType = 'arraybuffer', the runner has no Blob"));
  }

  #tell(type: websockets.EventName, handler: ((event: never) => void) | undefined, what: object): void {
    const listeners = this.#listeners?.get(type);
    if (!handler && !listeners) return;
    const event = { type, timestamp: Date.now(), ...what };
    if (handler) this.#iteration.call(() => handler(event as never));
    for (const listener of listeners ?? []) this.#iteration.call(() => listener(event as websockets.MessageEvent));
  }

  addEventListener(type: websockets.EventName, listener: Listener): void {
    this.#listeners ??= new Map();
    const known = this.#listeners.get(type);
    if (known) known.push(listener);
    else this.#listeners.set(type, [listener]);
  }

  send(data: string | ArrayBuffer | websockets.Blob | ArrayBufferView): void {
    if (this.#socket.readyState !== STATES.OPEN) throw new Error('send() on a socket that is not open');
    if (typeof data !== 'string' && !(data instanceof ArrayBuffer) && !ArrayBuffer.isView(data)) {
      throw new Error('send() takes a text or bytes: the runner has no Blob');
    }
    const { tags, host } = this.#vu;
    emit(host.builtIn.wsMsgsSent, 1, tags, this.#tags);
    emit(host.builtIn.dataSent, sizeOf(data), tags, this.#tags);
    this.#socket.send(data);
  }

  ping(): void {
    this.#socket.ping();
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code ?? 1000, reason);
  }
}

const Blob = function Blob() {
  throw new Error("the runner has no Blob: set binaryType = 'arraybuffer'");
} as unknown as typeof websockets.Blob;

/** The module `k6/websockets`. */
export function createWebSocketsModule(vu: Vu) {
  return {
    WebSocket: class extends VuSocket {
      constructor(url: string, _protocols?: null, params?: websockets.Params | null) {
        super(vu, url, params);
      }
    },
    Blob,
  } satisfies { WebSocket: PublicClass<typeof websockets.WebSocket>; Blob: typeof websockets.Blob };
}
