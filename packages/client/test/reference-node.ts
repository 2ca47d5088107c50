import {
  CLOSE_CODES,
  type DownMessage,
  type ErrorCode,
  editRequest,
  type Frame,
  type FramesPage,
  formatCursor,
  type Hello,
  SYNC_PATH,
  toProblem,
  upMessage,
} from '@meldesync/protocol';
import type { SyncSocket } from '../src/types/environment.ts';
import { mergeFrames } from './merge-frames.ts';
import { createReferenceEdits } from './reference-edits.ts';
import type { Intent, ReferenceFeed } from './reference-feed.ts';
import { createReferenceLocks, type ReferenceLocks } from './reference-locks.ts';

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;

/** One connection as the model sees it. */
interface Line {
  readonly socket: SyncSocket & { readyState: number };
  /** Messages on their way to the client. */
  readonly queue: string[];
  isGreeted: boolean;
  isSubscribed: boolean;
  instance: string;
  attending: readonly number[];
}

/**
 * The server's side of the protocol as a model over a reference feed: it answers when told to, and breaks what it is
 * told to break.
 */
export interface ReferenceNode {
  readonly openSocket: (url: string, subprotocol: string) => SyncSocket;
  readonly fetch: typeof globalThis.fetch;
  /** Sockets that are open or opening. */
  readonly lines: number;
  /** Messages it received, by type. */
  readonly received: Readonly<Record<string, number>>;
  /** Every `hello`, oldest first. */
  readonly hellos: readonly Hello[];
  /** What `hello` and pages are answered with from now on; null is well. */
  refuse(code: ErrorCode | null): void;
  /** Commits on behalf of someone else. */
  commit(intents: readonly Intent[]): void;
  publish(count?: number): void;
  /** Lets the sockets open and at most so many messages arrive; all when absent. */
  deliver(count?: number): void;
  readonly locks: ReferenceLocks;
  /** What questions about locks are answered with from now on; null is well. */
  refuseLocks(code: ErrorCode | null): void;
  /** Takes the answers about locks that are on their way out of the line. */
  loseAnswers(): void;
  /** Takes at most so many frames messages out of the line. */
  loseFrames(count: number): void;
  /** Changes the messages that are on their way. */
  tamperText(change: (text: string) => string): void;
  /** Changes the frames that are on their way. */
  tamper(change: (frame: Frame) => Frame): void;
  /** Changes the frames of pages from now on. */
  tamperPages(change: (frame: Frame) => Frame): void;
  /** Sends again what was sent. */
  repeatFrames(): void;
  /** Sends any text. */
  send(text: string): void;
  close(code: number, reason?: string): void;
  restore(): void;
  /** Whether sockets are cut as soon as they open, as by a proxy that knows no WebSocket. */
  blockSockets(isBlocked: boolean): void;
  /** The status with which something on the way answers requests over HTTP in the node's place; null lets them through. */
  standInForHttp(status: number | null): void;
  /** Whether requests over HTTP reach nobody. */
  blockHttp(isBlocked: boolean): void;
  /** The answer to the next edit over HTTP is lost, the edit carried out. */
  loseNextHttpAnswer(): void;
  /** Whether what clients send is not heard, on lines that stay open. */
  deaf(isDeaf: boolean): void;
  /** Takes edits that are sent from now on and never answers them. */
  loseEdits(): void;
  /** Requests over HTTP, by the last part of their path. */
  readonly requested: Readonly<Record<string, number>>;
  /** How often an operation was carried out, retries not counted. */
  readonly carriedOut: ReadonlyMap<string, number>;
  /** From now on more changes than this at once are told of as a range; by default none are. */
  rangesAbove(changes: number): void;
  /** From now on ranges are to be pulled within so long (P62); by default at once. */
  spread(spreadMs: number): void;
}

const PAGE_SIZE = 4;
const FRAMES_PER_PAGE = 3;
const MERGED_PER_PAGE = 2;
/** Whom everybody is taken for. */
const USER = 'a';
const NO_EVENT = undefined as never;

/** Makes a node that lets everyone in, as an editor. Long because its methods share what they close over; none of them is. */
export function createReferenceNode(feed: ReferenceFeed): ReferenceNode {
  let lines: Line[] = [];
  let refusal: ErrorCode | null = null;
  let lockRefusal: ErrorCode | null = null;
  const received: Record<string, number> = {};
  const hellos: Hello[] = [];
  let lastFrames: string | null = null;
  let areSocketsBlocked = false;
  let isHttpBlocked = false;
  let standInStatus: number | null = null;
  let isHttpAnswerLost = false;
  let changePaged = (frame: Frame): Frame => frame;
  let isDeaf = false;
  let areEditsLost = false;
  const requested: Record<string, number> = {};
  let rangeThreshold = Number.POSITIVE_INFINITY;
  let spreadMs: number | undefined;

  const send = (line: Line, message: DownMessage): void => {
    line.queue.push(JSON.stringify(message));
  };

  /** Consecutive frames as messages: those with many changes as ranges, or all as one when they are too many. */
  const messagesOf = (frames: readonly Frame[], isTogether: boolean): DownMessage[] => {
    const [first] = frames;
    const last = frames.at(-1);
    if (!first || !last) return [];
    const changes = frames.reduce((sum, frame) => sum + frame.changes.length, 0);
    if (changes > rangeThreshold && (isTogether || frames.length === 1))
      return [{ type: 'range', from: first.prev, to: last.id, changes, spreadMs }];
    if (changes <= rangeThreshold) return [{ type: 'frames', frames: [...frames] }];
    return frames.flatMap((frame) => messagesOf([frame], false));
  };

  const tellAll = (message: DownMessage): void => {
    for (const line of lines) if (line.isSubscribed) send(line, message);
  };
  const locks = createReferenceLocks(tellAll);
  const edits = createReferenceEdits(feed, (record) => locks.blocking(record, USER));
  const presence = (): DownMessage => {
    const records = [...new Set(lines.flatMap(({ attending }) => attending))];
    return { type: 'presence', people: [{ user: USER, kinds: ['cli'], records }], total: 1 };
  };

  const forget = (line: Line): void => {
    if (!lines.includes(line)) return;
    lines = lines.filter((other) => other !== line);
    locks.orphan(line.instance);
  };
  const closeLine = (line: Line, code: number, reason = ''): void => {
    forget(line);
    line.socket.readyState = CLOSED;
    line.socket.onclose?.({ code, reason });
  };

  /** A page of what follows on a cursor: the frames themselves, or merged where ranges are told of. */
  const answerFrames = (after: string): Response => {
    const frames = feed.after(after);
    if (typeof frames === 'string') {
      const body = toProblem(frames === 'too-old' ? 'cursor-too-old' : 'cursor-unknown', 'de');
      return Response.json(body, { status: body.status });
    }
    const areMerged = rangeThreshold < Number.POSITIVE_INFINITY;
    const page = areMerged ? mergeFrames(frames.slice(0, MERGED_PER_PAGE)) : frames.slice(0, FRAMES_PER_PAGE);
    const last = page.at(-1);
    const next = last && last.id !== feed.head ? formatCursor(feed.epoch, last.id) : null;
    return Response.json({ frames: page.map(changePaged), next, head: feed.head } satisfies FramesPage);
  };

  const answerHttp = (url: URL, body: unknown): Response => {
    const name = url.pathname.split('/').at(-1) ?? '';
    requested[name] = (requested[name] ?? 0) + 1;
    if (name === 'me') return Response.json({ user: { id: USER, name: 'A', email: 'a@example.org' }, workspaces: [] });
    if (name === 'frames') return answerFrames(url.searchParams.get('after') ?? '');
    if (name === 'edits') {
      const { operation, items } = editRequest.parse(JSON.parse(String(body)));
      const { outcomes } = edits.carryOut(operation, items);
      if (isHttpAnswerLost) {
        isHttpAnswerLost = false;
        throw new TypeError('the connection was reset');
      }
      return Response.json({ operation, outcomes });
    }
    return Response.json(feed.page(Number(url.searchParams.get('after') ?? 0), PAGE_SIZE));
  };

  const receive = (line: Line, data: string): void => {
    if (isDeaf) return;
    const message = upMessage.parse(JSON.parse(data));
    received[message.type] = (received[message.type] ?? 0) + 1;
    if (!line.isGreeted && message.type !== 'hello') throw new Error('The first message must be hello.');
    switch (message.type) {
      case 'hello':
        line.isGreeted = true;
        hellos.push(message);
        if (refusal) {
          send(line, { type: 'error', code: refusal });
          line.queue.push(String(refusal === 'unauthenticated' ? CLOSE_CODES.unauthenticated : CLOSE_CODES.forbidden));
        } else {
          line.instance = message.instance ?? '';
          locks.resume(line.instance);
          send(line, { type: 'welcome', session: 's', node: 'n1', user: USER, role: 'editor', epoch: feed.epoch });
        }
        break;
      case 'subscribe': {
        const frames = feed.after(message.cursor);
        if (typeof frames === 'string') {
          send(line, { type: 'reset', reason: frames });
          break;
        }
        line.isSubscribed = true;
        send(line, { type: 'subscribed', head: feed.head, sum: feed.headSum });
        send(line, locks.full());
        send(line, presence());
        for (const message of messagesOf(frames, true)) send(line, message);
        break;
      }
      case 'report':
        break;
      case 'edit': {
        if (areEditsLost) break;
        send(line, edits.carryOut(message.operation, message.items));
        break;
      }
      case 'lock': {
        if (lockRefusal) {
          send(line, { type: 'error', code: lockRefusal, request: message.request });
          break;
        }
        const taken = locks.take({ user: USER, instance: line.instance }, message.records);
        send(
          line,
          'lock' in taken
            ? { type: 'lock-granted', request: message.request, lock: taken }
            : { type: 'lock-held', request: message.request, locks: [...taken] },
        );
        break;
      }
      case 'unlock': {
        const isOthers = locks.all.some(({ lock, user }) => lock === message.lock && user !== USER);
        const refusal =
          lockRefusal ?? (isOthers ? 'forbidden' : locks.end(message.lock, 'released') ? null : 'lock-not-found');
        if (refusal) send(line, { type: 'error', code: refusal, request: message.request });
        else send(line, { type: 'unlocked', request: message.request });
        break;
      }
      case 'attend':
        line.attending = message.records;
        tellAll(presence());
        break;
      // What the client does next is to take a snapshot.
      case 'diverged':
        break;
      case 'ping':
        send(line, { type: 'pong', sentAt: message.sentAt, ...(line.isSubscribed ? { head: feed.head } : {}) });
        break;
    }
  };

  return {
    get lines() {
      return lines.length;
    },
    received,
    hellos,
    locks,
    refuseLocks(code) {
      lockRefusal = code;
    },
    loseAnswers() {
      for (const line of lines) {
        const kept = line.queue.filter((text) => !/^.{9}(?:lock-granted|lock-held|unlocked)"/.test(text));
        line.queue.splice(0, line.queue.length, ...kept);
      }
    },
    openSocket(url, subprotocol) {
      if (!url.endsWith(SYNC_PATH) || subprotocol !== 'meldesync.v1') throw new Error('Not the address of the node.');
      const socket: Line['socket'] = {
        readyState: CONNECTING,
        onopen: null,
        onmessage: null,
        onclose: null,
        onerror: null,
        send: (data) => receive(line, data),
        close() {
          forget(line);
          socket.readyState = CLOSED;
        },
      };
      const line: Line = { socket, queue: [], isGreeted: false, isSubscribed: false, instance: '', attending: [] };
      lines.push(line);
      return socket;
    },
    fetch: async (input, init) => {
      await Promise.resolve();
      if (isHttpBlocked) throw new TypeError('nobody there');
      if (standInStatus !== null) return new Response('<html>blocked</html>', { status: standInStatus });
      if (refusal) {
        const body = toProblem(refusal, 'de');
        return Response.json(body, { status: body.status });
      }
      return answerHttp(new URL(input instanceof Request ? input.url : input), init?.body);
    },
    refuse(code) {
      refusal = code;
    },
    commit(intents) {
      feed.commit(intents);
    },
    publish(count) {
      const before = formatCursor(feed.epoch, feed.head);
      feed.publish(count);
      const frames = feed.after(before) as readonly Frame[];
      if (frames.length === 0) return;
      const messages = messagesOf(frames, false);
      lastFrames = JSON.stringify(messages.at(-1));
      for (const message of messages) tellAll(message);
    },
    deliver(count = 1000) {
      for (const line of lines) {
        if (areSocketsBlocked) {
          closeLine(line, 1006);
          continue;
        }
        if (line.socket.readyState === CONNECTING) {
          line.socket.readyState = OPEN;
          line.socket.onopen?.(NO_EVENT);
        }
        for (let i = 0; i < count && line.socket.readyState === OPEN; i++) {
          const text = line.queue.shift();
          if (text === undefined) break;
          if (/^\d+$/.test(text)) closeLine(line, Number(text));
          else line.socket.onmessage?.({ data: text });
        }
      }
    },
    tamperText(change) {
      for (const line of lines) line.queue.splice(0, line.queue.length, ...line.queue.map(change));
    },
    tamper(change) {
      for (const line of lines) {
        const changed = line.queue.map((text) => {
          if (!text.startsWith('{"type":"frames"')) return text;
          const { frames } = JSON.parse(text) as { frames: Frame[] };
          return JSON.stringify({ type: 'frames', frames: frames.map(change) });
        });
        line.queue.splice(0, line.queue.length, ...changed);
      }
    },
    tamperPages(change) {
      changePaged = change;
    },
    loseFrames(count) {
      for (const line of lines) {
        for (let i = 0; i < count; i++) {
          const at = line.queue.findIndex((text) => /^.{9}(?:frames|range)"/.test(text));
          if (at >= 0) line.queue.splice(at, 1);
        }
      }
    },
    repeatFrames() {
      for (const line of lines) if (line.isSubscribed && lastFrames !== null) line.queue.push(lastFrames);
    },
    send(text) {
      for (const line of lines) if (line.socket.readyState === OPEN) line.socket.onmessage?.({ data: text });
    },
    close(code, reason) {
      for (const line of lines) closeLine(line, code, reason);
    },
    blockSockets(isBlocked) {
      areSocketsBlocked = isBlocked;
      if (isBlocked) for (const line of lines) closeLine(line, 1006);
    },
    blockHttp(isBlocked) {
      isHttpBlocked = isBlocked;
    },
    standInForHttp(status) {
      standInStatus = status;
    },
    loseNextHttpAnswer() {
      isHttpAnswerLost = true;
    },
    deaf(isNowDeaf) {
      isDeaf = isNowDeaf;
    },
    loseEdits() {
      areEditsLost = true;
    },
    requested,
    carriedOut: edits.carriedOut,
    rangesAbove(changes) {
      rangeThreshold = changes;
    },
    spread(withinMs) {
      spreadMs = withinMs;
    },
    restore() {
      feed.restore();
      // Answers live in the database too.
      edits.forget();
      for (const line of lines) closeLine(line, CLOSE_CODES.internal);
    },
  };
}
