import {
  administration,
  behind,
  type DownMessage,
  edited,
  errorMessage,
  type Frame,
  type Frames,
  freshness,
  importProgress,
  lockGranted,
  lockHeld,
  locks,
  pong,
  presence,
  range,
  reset,
  roleChanged,
  subscribed,
  tier,
  unlocked,
  welcome,
} from '@meldesync/protocol';

/** Any message but `frames`, which are checked by hand. */
export type Message = Exclude<DownMessage, Frames>;

/** What a WebSocket message turned out to be. */
export type Decoded =
  /** `sentAt`: by the node's clock, where it sent them as they came. */
  | { readonly kind: 'frames'; readonly frames: readonly Frame[]; readonly sentAt?: number }
  | { readonly kind: 'message'; readonly message: Message }
  /** A type this version does not know: a newer node may add messages without a new subprotocol. */
  | { readonly kind: 'unknown' }
  | Malformed;

/** What cannot be read. `reason` names the place of the fault and never the content. */
export interface Malformed {
  readonly kind: 'malformed';
  readonly reason: string;
  /** Undefined where not even that can be read. */
  readonly type?: DownMessage['type'];
  /** What it answers, as far as that can be read. */
  readonly operation?: string;
  readonly request?: string;
}

interface Schema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: readonly { path: readonly PropertyKey[] }[] } };
}

const SCHEMAS: { readonly [Type in Message['type']]: Schema<Extract<Message, { type: Type }>> } = {
  welcome,
  subscribed,
  reset,
  edited,
  'lock-granted': lockGranted,
  'lock-held': lockHeld,
  tier,
  behind,
  freshness,
  unlocked,
  locks,
  presence,
  range,
  import: importProgress,
  administration,
  role: roleChanged,
  pong,
  error: errorMessage,
};

/** Reads the data of a WebSocket message event. Never throws. */
export function decode(data: unknown, checkFrames: (value: unknown) => value is Frame[]): Decoded {
  if (typeof data !== 'string') return { kind: 'malformed', reason: 'binary message' };
  const value = parseJson(data);
  if (!isTyped(value)) return { kind: 'malformed', reason: 'no JSON object with a type' };
  if (value.type === 'frames') {
    return checkFrames(value.frames)
      ? { kind: 'frames', frames: value.frames, ...(typeof value.sentAt === 'number' ? { sentAt: value.sentAt } : {}) }
      : { kind: 'malformed', reason: 'frames', type: 'frames' };
  }
  if (!isKnown(value)) return { kind: 'unknown' };
  const parsed = SCHEMAS[value.type].safeParse(value);
  if (parsed.success) return { kind: 'message', message: parsed.data };
  const path = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  return { kind: 'malformed', reason: `${value.type} at "${path}"`, type: value.type, ...answered(value) };
}

function answered(value: {
  readonly type: string;
  readonly operation?: unknown;
  readonly request?: unknown;
}): Pick<Malformed, 'operation' | 'request'> {
  return {
    ...(typeof value.operation === 'string' ? { operation: value.operation } : {}),
    ...(typeof value.request === 'string' ? { request: value.request } : {}),
  };
}

function isKnown(value: { type: string }): value is { type: Message['type'] } {
  return Object.hasOwn(SCHEMAS, value.type);
}

function isTyped(value: unknown): value is { type: string; frames?: unknown; sentAt?: unknown } {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
