import { randomUUID } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DownMessage, UpMessage } from '@meldesync/protocol';
import { SUBPROTOCOL, SYNC_PATH } from '@meldesync/protocol';
import { WebSocket } from 'ws';

/** Whom an attack is made on, and as whom. */
export interface AttackTarget {
  /** Origin of a node. */
  readonly url: string;
  /** Null for somebody who is not signed in. */
  readonly token: string | null;
  readonly workspace: string;
  /** Records that nobody else edits. */
  readonly records: readonly number[];
  /** Of the feed, from before anything was edited. */
  readonly cursor: string;
  /** E-mail address of an account. */
  readonly email: string;
  /** Paths of the API that anybody may GET with nothing but a workspace and a record. */
  readonly paths: readonly string[];
}

/** What was asked, and how much of it was refused. */
export interface AttackTally {
  asked: number;
  refused: number;
}

/** A pause where nothing is to be had: whoever asks at once again keeps their own machine busy alone. */
const AFTER_FAILURE_MS = 20;
const STALLED_MS = 60_000;

/** One connection of an attacker. It asks again as soon as it has an answer, whatever the answer says. */
export class Attacker {
  readonly target: AttackTarget;
  readonly tally: AttackTally;
  /** Which of the attacker's connections this is. */
  readonly index: number;
  /** How often it has acted. */
  turn = 0;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #stalled: Socket[] = [];
  #socket: AttackSocket | undefined;
  #isOver = false;

  constructor(target: AttackTarget, tally: AttackTally, index: number) {
    this.target = target;
    this.tally = tally;
    this.index = index;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Asks over HTTP; the text of the answer, or an empty one where that was none. */
  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<string> {
    this.tally.asked += 1;
    const { url, token } = this.target;
    const sent = body === undefined ? undefined : JSON.stringify(body);
    try {
      const { status, text } = await exchange(`${url}${path}`, sent, {
        method,
        agent: this.#agent,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      });
      if (status === 429 || status === 503) this.tally.refused += 1;
      return text;
    } catch {
      // Cut off: that is what an attacker is there for.
      this.tally.refused += 1;
      await sleep(AFTER_FAILURE_MS);
      return '';
    }
  }

  /** Its WebSocket, welcomed and told where the feed is; a new one where the one before is gone. */
  async socket(): Promise<AttackSocket | undefined> {
    if (this.#socket?.isOpen) return this.#socket;
    this.tally.asked += 1;
    const socket = await openSocket(this.target);
    if (!socket) {
      this.tally.refused += 1;
      await sleep(AFTER_FAILURE_MS);
    }
    if (this.#isOver) socket?.close();
    else this.#socket = socket;
    return this.#isOver ? undefined : socket;
  }

  /** Another WebSocket beside it, which stays until the end. */
  async another(): Promise<AttackSocket | undefined> {
    this.#socket = undefined;
    const socket = await this.socket();
    if (socket) this.#others.push(socket);
    return socket;
  }

  /** Begins a request whose body never comes to its end, and keeps it. */
  async stall(path: string, headers: readonly string[], begun: string): Promise<void> {
    this.tally.asked += 1;
    const { hostname, port } = new URL(this.target.url);
    const socket = connect(Number(port), hostname);
    this.#stalled.push(socket);
    const { token } = this.target;
    const who = token === null ? [] : [`Authorization: Bearer ${token}`];
    socket.write([`POST ${path} HTTP/1.1`, `Host: ${hostname}:${port}`, ...who, ...headers, '', begun].join('\r\n'));
    // A byte now and then, so that it is not taken for dead.
    const drip = setInterval(() => socket.write('x'), 3_000);
    const end = setTimeout(() => socket.destroy(), STALLED_MS);
    await new Promise<void>((resolve) => {
      socket.once('data', () => {
        this.tally.refused += 1;
        socket.destroy();
      });
      socket.once('error', () => resolve());
      socket.once('close', () => resolve());
    });
    clearInterval(drip);
    clearTimeout(end);
    await sleep(AFTER_FAILURE_MS);
  }

  end(): void {
    this.#isOver = true;
    this.#socket?.close();
    for (const socket of this.#others) socket.close();
    for (const socket of this.#stalled) socket.destroy();
    this.#agent.destroy();
  }

  readonly #others: AttackSocket[] = [];
}

function exchange(
  url: string,
  sent: string | undefined,
  options: { readonly method: string; readonly agent: Agent; readonly headers: Record<string, string> },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(sent);
  });
}

/** A WebSocket of an attacker. */
export class AttackSocket {
  readonly #socket: WebSocket;
  #waiting: ((message: DownMessage | undefined) => void)[] = [];

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      // Only answers are read: what the feed brings is thrown away.
      if (text.startsWith('{"type":"frames"') || text.startsWith('{"type":"locks"')) return;
      if (text.startsWith('{"type":"presence"')) return;
      this.#hear(JSON.parse(text) as DownMessage);
    });
    socket.on('close', () => this.#hear(undefined));
    socket.on('error', () => this.#hear(undefined));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(message: UpMessage): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(message));
  }

  /** Sends and waits for what comes next; undefined once it is closed. */
  async ask(message: UpMessage): Promise<DownMessage | undefined> {
    if (!this.isOpen) return undefined;
    const answer = this.next();
    this.send(message);
    return answer;
  }

  next(): Promise<DownMessage | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Reads nothing any more. */
  pause(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.terminate();
  }

  #hear(message: DownMessage | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(message);
  }
}

/** Undefined where it was refused. */
async function openSocket({ url, token, workspace }: AttackTarget): Promise<AttackSocket | undefined> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const raw = new WebSocket(`${url.replace('http', 'ws')}${SYNC_PATH}`, SUBPROTOCOL, { headers });
  const socket = new AttackSocket(raw);
  const isOpen = await new Promise<boolean>((resolve) => {
    raw.once('open', () => resolve(true));
    raw.once('close', () => resolve(false));
  });
  if (!isOpen) return undefined;
  const client = { kind: 'web', version: 'bench' } as const;
  const welcome = await socket.ask({ type: 'hello', workspace, client, instance: randomUUID() });
  if (welcome?.type === 'welcome') return socket;
  socket.close();
  return undefined;
}
