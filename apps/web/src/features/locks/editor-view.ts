import type { LiveLock } from '@meldesync/client';
import type { EndedLock } from '@meldesync/protocol';
import type { EditLockState } from './edit-lock.ts';

/** What an open editor says about its lock. */
export type EditorView =
  | { readonly kind: 'fine' }
  /** A colleague has the case: what was typed stays, and cannot be saved now. Null when it is not known who. */
  | { readonly kind: 'blocked'; readonly lock: LiveLock | null }
  /** The lock is gone; saving is possible and may meet a conflict. */
  | { readonly kind: 'lost'; readonly end: EndedLock }
  /** No locks are to be had; saving is possible all the same. */
  | { readonly kind: 'unprotected' }
  /** The person has too many cases open for another lock; saving is possible all the same. */
  | { readonly kind: 'too-many' };

const FINE: EditorView = { kind: 'fine' };
const UNPROTECTED: EditorView = { kind: 'unprotected' };
const TOO_MANY: EditorView = { kind: 'too-many' };

/** Puts together what became of the own wish and what a colleague holds on the same case by now. */
export function viewEditor(state: EditLockState, blocking: LiveLock | null): EditorView {
  if (blocking && state.kind !== 'held') return { kind: 'blocked', lock: blocking };
  switch (state.kind) {
    case 'refused':
      return { kind: 'blocked', lock: state.by };
    case 'lost':
      return { kind: 'lost', end: state.end };
    case 'unavailable':
      return UNPROTECTED;
    case 'too-many':
      return TOO_MANY;
    case 'asking':
    case 'held':
      return FINE;
  }
}
