import { expect, it } from 'vitest';
import { liveLock } from '../../../test/fake-locks.ts';
import type { EditLockState } from './edit-lock.ts';
import { viewEditor } from './editor-view.ts';

const ben = liveLock({ records: [1] });
const end = { lock: 'mine', reason: 'taken-away', by: 'user:cem' } as const;

it.each<[string, EditLockState, typeof ben | null, ReturnType<typeof viewEditor>]>([
  ['nothing is said before the answer', { kind: 'asking' }, null, { kind: 'fine' }],
  ['nothing is said while it is held', { kind: 'held' }, null, { kind: 'fine' }],
  ['a colleague’s lock known before the answer blocks', { kind: 'asking' }, ben, { kind: 'blocked', lock: ben }],
  ['the own lock counts more than an old one', { kind: 'held' }, ben, { kind: 'fine' }],
  ['a refusal names the holder', { kind: 'refused', by: ben }, null, { kind: 'blocked', lock: ben }],
  ['a refusal by nobody known', { kind: 'refused', by: null }, null, { kind: 'blocked', lock: null }],
  ['a loss is told', { kind: 'lost', end }, null, { kind: 'lost', end }],
  ['after a loss a colleague’s lock matters more', { kind: 'lost', end }, ben, { kind: 'blocked', lock: ben }],
  ['without locks it is said once', { kind: 'unavailable' }, null, { kind: 'unprotected' }],
  ['who has too many of them is told so', { kind: 'too-many' }, null, { kind: 'too-many' }],
])('%s', (_name, state, blocking, view) => expect(viewEditor(state, blocking)).toEqual(view));
