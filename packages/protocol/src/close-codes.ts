import type { ErrorCode } from './errors/catalogue.ts';

/** What a client does by itself when its WebSocket was closed, and what it tells the person. */
type Consequence =
  /** Comes back with the backoff `BACKOFF.usual`. The person sees that it reconnects. */
  | { readonly client: 'back-off'; readonly person: null }
  /** Comes back when the close reason says, which is no failed try; without one it backs off. */
  | { readonly client: 'when-told'; readonly person: null }
  /** Stops until the person has signed in; `person` is the sentence of the error catalogue. */
  | { readonly client: 'sign-in'; readonly person: ErrorCode }
  /** Stops until the person tries again. An `error` message that came before says more than `person`. */
  | { readonly client: 'refuse'; readonly person: ErrorCode };

/** Everything that is known of a close code. */
export type CloseRule = Consequence & {
  readonly code: number;
  /** Who closes with it: a node, or the transport (RFC 6455 §7.4.1). */
  readonly by: 'node' | 'transport';
  /** Why the connection was closed. */
  readonly meaning: string;
  /** Whether the client's locks end at once: it does not come back, or may not. Otherwise they wait for it (P32). */
  readonly freesLocks: boolean;
  /** What an administrator does where there is much of it. */
  readonly administrator: string;
};

/**
 * Why a WebSocket is closed, and what follows. Nodes and clients act by this table; those of PROTOCOL.md and of the runbook are
 * compared with it. The range says what a client does with a code that it does not know: 4400–4499 refuse, all others back off.
 */
export const CLOSE_RULES = {
  leaving: {
    code: 1001,
    by: 'transport',
    meaning: 'the page was left',
    client: 'back-off',
    person: null,
    freesLocks: true,
    administrator: 'nothing',
  },
  cut: {
    code: 1006,
    by: 'transport',
    meaning: 'the connection broke without a close',
    client: 'back-off',
    person: null,
    freesLocks: false,
    administrator: 'many at once: a node died, or a proxy or the network between',
  },
  tooLarge: {
    code: 1009,
    by: 'transport',
    meaning: 'a message was larger than 256 KiB',
    client: 'back-off',
    person: null,
    freesLocks: false,
    administrator: 'update the client: ours keep to the limit',
  },
  badRequest: {
    code: 4400,
    by: 'node',
    meaning: 'the client does not follow the protocol',
    client: 'refuse',
    person: 'invalid-message',
    freesLocks: true,
    administrator:
      'update the client; if it is of the same version, it is an error of ours: keep the log lines of the node',
  },
  unauthenticated: {
    code: 4401,
    by: 'node',
    meaning: 'not signed in, or the session ended',
    client: 'sign-in',
    person: 'unauthenticated',
    freesLocks: true,
    administrator: 'nothing; many at once: were sessions deleted, or the secret changed?',
  },
  forbidden: {
    code: 4403,
    by: 'node',
    meaning: 'not a member, or a foreign origin',
    client: 'refuse',
    person: 'forbidden',
    freesLocks: true,
    administrator: 'see who is a member; who is told of another address: `BASE_URL`, `TRUSTED_ORIGINS`',
  },
  secondFactorNeeded: {
    code: 4428,
    by: 'node',
    meaning: 'signed in with a password alone, where a second factor is required',
    client: 'sign-in',
    person: 'second-factor-needed',
    freesLocks: true,
    administrator: 'nothing: the person sets one up; see `SIGN_IN_SECOND_FACTOR`',
  },
  internal: {
    code: 4500,
    by: 'node',
    meaning: 'error in the node',
    client: 'back-off',
    person: null,
    freesLocks: false,
    administrator: 'the log of the node says which: mostly Postgres or Redis is away',
  },
  draining: {
    code: 4503,
    by: 'node',
    meaning: 'the node is stopping',
    client: 'when-told',
    person: null,
    freesLocks: false,
    administrator: 'nothing: it was told to stop',
  },
  helloTimeout: {
    code: 4504,
    by: 'node',
    meaning: 'no `hello` in time',
    client: 'back-off',
    person: null,
    freesLocks: false,
    administrator: 'many: a proxy that holds messages back',
  },
  stale: {
    code: 4505,
    by: 'node',
    meaning: 'the node does not hear what happens; another may',
    client: 'when-told',
    person: null,
    freesLocks: false,
    administrator: 'see `meldesync_canary_age_seconds`: Redis, the relay, or the way of this node to Redis',
  },
  slow: {
    code: 4508,
    by: 'node',
    meaning: 'too slow',
    client: 'back-off',
    person: null,
    freesLocks: false,
    administrator: 'poor lines; many on one node: its processor, on all: the network',
  },
  crowded: {
    code: 4509,
    by: 'node',
    meaning: 'the person has too many connections already',
    client: 'when-told',
    person: null,
    freesLocks: false,
    administrator:
      'find the program that opens connections and leaves them; `PERSON_CONNECTIONS` says how many one may have',
  },
  rateLimited: {
    code: 4529,
    by: 'node',
    meaning: 'too many messages',
    client: 'back-off',
    person: null,
    freesLocks: false,
    administrator: 'find the program that sends without waiting for answers',
  },
} as const satisfies Record<string, CloseRule>;

type Rules = typeof CLOSE_RULES;
type NodeRuleName = { [Name in keyof Rules]: Rules[Name]['by'] extends 'node' ? Name : never }[keyof Rules];

/** The codes that a node closes with. */
export type CloseCode = Rules[NodeRuleName]['code'];
export const CLOSE_CODES = {
  badRequest: CLOSE_RULES.badRequest.code,
  unauthenticated: CLOSE_RULES.unauthenticated.code,
  forbidden: CLOSE_RULES.forbidden.code,
  secondFactorNeeded: CLOSE_RULES.secondFactorNeeded.code,
  internal: CLOSE_RULES.internal.code,
  draining: CLOSE_RULES.draining.code,
  helloTimeout: CLOSE_RULES.helloTimeout.code,
  stale: CLOSE_RULES.stale.code,
  slow: CLOSE_RULES.slow.code,
  crowded: CLOSE_RULES.crowded.code,
  rateLimited: CLOSE_RULES.rateLimited.code,
} as const satisfies { readonly [Name in NodeRuleName]: Rules[Name]['code'] };

const RULE_OF_CODE: ReadonlyMap<number, CloseRule> = new Map(
  Object.values(CLOSE_RULES).map((rule): [number, CloseRule] => [rule.code, rule]),
);

/** What a client does after this close, by the range where it does not know the code. */
export function consequenceOf(code: number): Consequence {
  const rule = RULE_OF_CODE.get(code);
  if (rule) return rule;
  return code >= 4400 && code < 4500
    ? { client: 'refuse', person: 'bad-request' }
    : { client: 'back-off', person: null };
}

/** Whether the locks of a client end at once when its connection is closed with this code. */
export function freesLocks(code: number): boolean {
  return RULE_OF_CODE.get(code)?.freesLocks ?? false;
}

/** A client message may have at most this many bytes; a larger one closes the connection with 1009, one of twice the size cuts it. */
export const MAX_UP_MESSAGE_BYTES = 256 * 1024;
