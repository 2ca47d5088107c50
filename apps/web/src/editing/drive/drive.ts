/**
 * How someone works with the page, which decides what a key without a modifier means.
 *
 *     nobody ── arrive, walk ──▶ keyboard ◀── walk ── pointer
 *        └────────── press ──────────┴───── press ──────▲
 *
 *     any ── open ──▶ field ── leave ──▶ what it was before
 *                       └───── lose ───▶ pointer, typing
 */
export type Drive =
  /** Nobody has touched the page yet. */
  | { readonly by: 'nobody' }
  /** Keys lead through the list: letters are commands. */
  | { readonly by: 'keyboard' }
  /**
   * A press came last, or a field went away under someone's hands: letters are no commands. `isTyping`: some have come
   * since, so what follows is text as well.
   */
  | { readonly by: 'pointer'; readonly isTyping: boolean }
  /** Fields are open for writing: all is text, also while their code is still coming and the focus is elsewhere. */
  | { readonly by: 'field'; readonly open: number; readonly before: Idle };

type Idle = Exclude<Drive, { by: 'field' }>;

export type DriveEvent =
  /** A pointer was pressed, anywhere. */
  | 'press'
  /** A key led through the list or into it. */
  | 'walk'
  /** The focus came to the list without a key or a press, as from a screen reader. */
  | 'arrive'
  /** A letter came that no field took. */
  | 'type'
  /** Escape: what was typed is over. */
  | 'rest'
  /** A field opened for writing. */
  | 'open'
  /** The person left a field. */
  | 'leave'
  /** A field went away by itself, or did not open although it was asked for: who types does not know yet. */
  | 'lose';

/** What a key without a modifier can mean: a change of records or of the selection, a way elsewhere, or a sign (`/ ?`, space). */
export type Command = 'change' | 'go' | 'sign';

export const UNTOUCHED: Drive = { by: 'nobody' };

const KEYBOARD: Idle = { by: 'keyboard' };
const POINTER: Idle = { by: 'pointer', isTyping: false };
const TYPING: Idle = { by: 'pointer', isTyping: true };

/** What comes of an event; the same object where nothing does. */
export function drivenOn(drive: Drive, event: DriveEvent): Drive {
  if (drive.by !== 'field') return event === 'open' ? { by: 'field', open: 1, before: drive } : idleOn(drive, event);
  switch (event) {
    case 'open':
      return { ...drive, open: drive.open + 1 };
    case 'leave':
    case 'lose': {
      const before = event === 'lose' ? TYPING : drive.before;
      return drive.open > 1 ? { ...drive, open: drive.open - 1, before } : before;
    }
    default:
      return { ...drive, before: idleOn(drive.before, event) };
  }
}

function idleOn(idle: Idle, event: DriveEvent): Idle {
  switch (event) {
    case 'press':
      return POINTER;
    case 'walk':
      return KEYBOARD;
    case 'arrive':
      return idle.by === 'nobody' ? KEYBOARD : idle;
    case 'type':
      return idle.by === 'pointer' ? TYPING : idle;
    case 'rest':
      return idle.by === 'pointer' ? POINTER : idle;
    case 'lose':
      return TYPING;
    case 'open':
    case 'leave':
      return idle;
  }
}

/** Whether a key is a command now. Letters that change something are only where keys lead through the list. */
export function isCommand(drive: Drive, command: Command): boolean {
  switch (drive.by) {
    case 'keyboard':
      return true;
    case 'nobody':
      return command !== 'change';
    case 'pointer':
      return command === 'sign' && !drive.isTyping;
    case 'field':
      return false;
  }
}
