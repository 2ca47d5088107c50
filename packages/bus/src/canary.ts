import { framePosition, parseJson } from '@meldesync/protocol';

/** Where the feeds stand that have moved lately, as the relay knows it: who follows one and stands before that has missed something. */
export interface FeedHeads {
  readonly epoch: string;
  /** By workspace. */
  readonly heads: Readonly<Record<string, string>>;
}

/** What went through Postgres and its log, as the relay passes it on: whoever hears it is as far as that. */
export interface Canary {
  /** How long it took from Postgres to the relay, in milliseconds. */
  readonly transitMs: number;
  /** Absent where more have moved than are named, and from a relay of the release before. */
  readonly moved?: FeedHeads | undefined;
}

export function encodeCanary(canary: Canary): string {
  return JSON.stringify(canary);
}

/** Undefined when the message is none. Of heads that cannot be read nothing is known. */
export function decodeCanary(message: string): Canary | undefined {
  const value = parseJson(message);
  if (!isObject(value)) return undefined;
  const { transitMs, moved } = value;
  if (typeof transitMs !== 'number' || !(transitMs >= 0)) return undefined;
  return isFeedHeads(moved) ? { transitMs, moved } : { transitMs };
}

function isFeedHeads(value: unknown): value is FeedHeads {
  if (!isObject(value) || typeof value['epoch'] !== 'string' || !isObject(value['heads'])) return false;
  return Object.values(value['heads']).every((head) => framePosition.safeParse(head).success);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
