import {
  behind,
  type DownMessage,
  edited,
  errorMessage,
  type Frame,
  type Frames,
  importProgress,
  lockGranted,
  lockHeld,
  locks,
  pong,
  presence,
  range,
  reset,
  subscribed,
  tier,
  unlocked,
  welcome,
} from '@meldesync/protocol';

/** Any message but `frames`, which are checked by hand. */
export type Message = Exclude<DownMessage, Frames>;

/** What a WebSocket message turned out to be. */
export type Decoded =
  | { readonly kind: 'frames'; readonly frames: readonly Frame[] }
  | { readonly kind: 'message'; readonly message: Message }
  /** A type this version does not know: a newer node may add messages without a new subprotocol. */
  | { readonly kind: 'unknown' }
  /** `reason` names the place of the fault and never the content. */
  | { readonly kind: 'malformed'; readonly reason: string };

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
  unlocked,
  locks,
  presence,
  range,
  import: importProgress,
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
      ? { kind: 'frames', frames: value.frames }
      : { kind: 'malformed', reason: 'frames' };
  }
  if (!isKnown(value.type)) return { kind: 'unknown' };
  const parsed = SCHEMAS[value.type].safeParse(value);
  if (parsed.success) return { kind: 'message', message: parsed.data };
  const path = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  return { kind: 'malformed', reason: `${value.type} at "${path}"` };
}

function isKnown(type: string): type is Message['type'] {
  return Object.hasOwn(SCHEMAS, type);
}

function isTyped(value: unknown): value is { type: string; frames?: unknown } {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
