import type { PresenceBoard } from '@meldesync/bus';
import { withTimeout } from '@meldesync/lifecycle';
import { type Presence, type PresentPerson, type ReportUnreadable, readJson } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { NodeRuntime, Timer } from '../runtime.ts';
import { mergePeople, type NodeSummary, namedPeople, nodeSummary, type Visit } from './node-summary.ts';
import { createThrottle, type Throttle } from './throttle.ts';

export interface NodePresenceOptions {
  readonly board: PresenceBoard;
  readonly runtime: NodeRuntime;
  readonly logger: Logger;
  /** Gives a `presence` message to all live clients of a workspace. */
  readonly publish: (workspace: string, message: string) => void;
  /** How many live sockets a workspace has on this node. */
  readonly liveCount: (workspace: string) => number;
  readonly onUnreadable: ReportUnreadable;
}

/** Where other nodes serve people too, each says again that it is there. */
const REPEAT_EVERY_MS = 10_000;
/** Elsewhere it says so as often as this: a message may have been lost, and a board that nobody writes to vanishes. */
const REPEAT_ALONE_MS = 240_000;
/** What a node said so long ago counts no more. */
const FORGET_AFTER_MS = 30_000;
/** How long a node that stops waits until its farewell has arrived. */
const FAREWELL_MS = 500;
/** How far apart the nodes' messages to each other and to clients are; with many sockets further, for each gets it. */
const POST_PAUSE_MS = 200;
const POST_PAUSE_MS_PER_CONNECTION = 0.5;
const CLIENT_PAUSE_MS = 1_000;
const CLIENT_PAUSE_MS_PER_SOCKET = 5;

interface PeopleOfWorkspace {
  readonly visits: Map<string, Visit>;
  /** What the other nodes said last, and when it was heard. */
  readonly others: Map<string, { readonly summary: NodeSummary; readonly heardAt: number }>;
  readonly post: Throttle;
  readonly tell: Throttle;
  /** What the clients were told last, as JSON: what says nothing new is not sent. */
  told: string;
  isPosted: boolean;
  postedAt: number;
}

/** Who is in each workspace, over all nodes: for people to see each other, never for deciding anything. */
export class NodePresence implements AsyncDisposable {
  readonly #options: NodePresenceOptions;
  readonly #node: string;
  readonly #workspaces = new Map<string, PeopleOfWorkspace>();
  readonly #repeat: Timer;

  constructor(options: NodePresenceOptions) {
    this.#options = options;
    this.#node = options.runtime.randomId();
    this.#repeat = options.runtime.every(REPEAT_EVERY_MS, () => this.#repeatAll());
  }

  /** Begins to follow a workspace, whose messages must already be heard. */
  async open(workspace: string): Promise<void> {
    if (this.#workspaces.has(workspace)) return;
    this.#of(workspace);
    await this.#read(workspace);
  }

  /** A connection is there, and this is what its person has open. */
  attend(workspace: string, connection: string, visit: Visit): void {
    const people = this.#of(workspace);
    people.visits.set(connection, visit);
    people.post.ask();
    people.tell.ask();
  }

  leave(workspace: string, connection: string): void {
    const people = this.#workspaces.get(workspace);
    if (!people?.visits.delete(connection)) return;
    people.post.ask();
    people.tell.ask();
  }

  /** Takes a message of another node. */
  receive(workspace: string, summary: NodeSummary): void {
    const people = this.#workspaces.get(workspace);
    if (!people) return;
    const isNew = summary.node !== this.#node && summary.total > 0 && !people.others.has(summary.node);
    this.#hear(people, summary);
    // It has only just begun to listen, and what this node said may be long ago.
    if (isNew && people.isPosted) people.post.ask();
  }

  /** Follows a workspace no longer, in which this node serves nobody. */
  close(workspace: string): void {
    const people = this.#workspaces.get(workspace);
    if (!people) return;
    people.post[Symbol.dispose]();
    people.tell[Symbol.dispose]();
    this.#workspaces.delete(workspace);
  }

  /** Messages may have been missed. */
  async reload(): Promise<void> {
    // What this node said meanwhile may have been missed as well.
    for (const people of this.#workspaces.values()) if (people.isPosted) people.post.ask();
    await Promise.all([...this.#workspaces.keys()].map((workspace) => this.#read(workspace)));
  }

  /** What the clients were told last, as the first message of a live client: JSON. */
  lastTold(workspace: string): string {
    const people = this.#workspaces.get(workspace);
    if (people && people.told === '') people.told = JSON.stringify(this.#current(people));
    return people?.told ?? JSON.stringify({ type: 'presence', people: [], total: 0 } satisfies Presence);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#repeat.cancel();
    const open = [...this.#workspaces];
    this.#workspaces.clear();
    for (const [, people] of open) {
      people.post[Symbol.dispose]();
      people.tell[Symbol.dispose]();
    }
    const posted = open.filter(([, { isPosted }]) => isPosted);
    const farewell = Promise.all(
      posted.map(([workspace]) => this.#options.board.withdraw(workspace, this.#node, this.#summary([]))),
    );
    // Redis may be away, and then the others forget this node by themselves.
    await withTimeout(
      farewell.catch((error: unknown) => this.#warn(error)),
      FAREWELL_MS,
      () => undefined,
      this.#options.runtime,
    );
  }

  #current(people: PeopleOfWorkspace): Presence {
    const own = peopleOf(people.visits.values());
    const others = [...people.others.values()].map(({ summary }) => summary);
    const all = mergePeople([...own, ...others.flatMap((summary) => summary.people)]);
    const unnamed = others.reduce((sum, { total, people: named }) => sum + total - named.length, 0);
    return { type: 'presence', people: namedPeople(all), total: all.length + unnamed };
  }

  #of(workspace: string): PeopleOfWorkspace {
    const known = this.#workspaces.get(workspace);
    if (known) return known;
    const { liveCount, runtime } = this.#options;
    const people: PeopleOfWorkspace = {
      visits: new Map(),
      others: new Map(),
      post: createThrottle(
        runtime,
        () => this.#post(workspace),
        () => Math.max(POST_PAUSE_MS, people.visits.size * POST_PAUSE_MS_PER_CONNECTION),
      ),
      tell: createThrottle(
        runtime,
        () => this.#tell(workspace),
        () => Math.max(CLIENT_PAUSE_MS, liveCount(workspace) * CLIENT_PAUSE_MS_PER_SOCKET),
      ),
      told: '',
      isPosted: false,
      postedAt: Number.NEGATIVE_INFINITY,
    };
    this.#workspaces.set(workspace, people);
    return people;
  }

  #hear(people: PeopleOfWorkspace, summary: NodeSummary): void {
    if (summary.node === this.#node) return;
    if (summary.total === 0) people.others.delete(summary.node);
    else people.others.set(summary.node, { summary, heardAt: this.#options.runtime.monotonicMs() });
    people.tell.ask();
  }

  async #read(workspace: string): Promise<void> {
    const { board } = this.#options;
    try {
      const messages = await board.read(workspace);
      const people = this.#workspaces.get(workspace);
      if (!people) return;
      for (const message of messages) {
        const reading = readJson(nodeSummary, message);
        if ('unreadable' in reading) {
          this.#options.onUnreadable({ place: 'presence-board', workspace, reason: reading.unreadable });
          continue;
        }
        const { at, node } = reading.value;
        if (this.#options.runtime.now() - at < FORGET_AFTER_MS) this.#hear(people, reading.value);
        else await board.remove(workspace, node);
      }
    } catch (error) {
      this.#warn(error);
    }
  }

  #tell(workspace: string): void {
    const people = this.#workspaces.get(workspace);
    if (!people) return;
    const told = JSON.stringify(this.#current(people));
    if (told === people.told) return;
    people.told = told;
    this.#options.publish(workspace, told);
  }

  #post(workspace: string): void {
    const people = this.#workspaces.get(workspace);
    if (!people) return;
    const { board } = this.#options;
    const own = peopleOf(people.visits.values());
    people.isPosted = own.length > 0;
    people.postedAt = this.#options.runtime.monotonicMs();
    const message = this.#summary(own);
    const posting =
      own.length > 0 ? board.post(workspace, this.#node, message) : board.withdraw(workspace, this.#node, message);
    posting.catch((error: unknown) => this.#warn(error));
  }

  #summary(people: readonly PresentPerson[]): string {
    const summary: NodeSummary = {
      kind: 'presence',
      node: this.#node,
      at: this.#options.runtime.now(),
      people: namedPeople(people),
      total: people.length,
    };
    return JSON.stringify(summary);
  }

  #repeatAll(): void {
    const now = this.#options.runtime.monotonicMs();
    for (const [workspace, people] of this.#workspaces) {
      for (const [node, { heardAt }] of people.others) {
        if (now - heardAt < FORGET_AFTER_MS) continue;
        people.others.delete(node);
        people.tell.ask();
      }
      const isDue = people.others.size > 0 || now - people.postedAt >= REPEAT_ALONE_MS;
      if (people.isPosted && isDue) this.#post(workspace);
    }
  }

  #warn(error: unknown): void {
    this.#options.logger.event('presence-not-told', { err: error });
  }
}

function peopleOf(visits: Iterable<Visit>): PresentPerson[] {
  return mergePeople([...visits].map(({ user, kind, records }) => ({ user, kinds: [kind], records: [...records] })));
}
