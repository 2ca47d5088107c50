import { useCallback, useEffect, useEffectEvent, useMemo, useState, useSyncExternalStore } from 'react';
import type { NamedCase } from '../../editing/named-case.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { type EditorView, viewEditor } from './editor-view.ts';
import { blockingLock } from './lock-to-show.ts';
import { useLockDesk } from './locks-context.ts';
import { useTellLocked } from './use-tell-locked.tsx';

interface EditorLockInput {
  /** Internal ids of all records of the case, as they were when the editor opened, and its name. */
  readonly subject: NamedCase;
  /** What was typed and differs from what is stored; undefined when nothing was. */
  readonly typed: string | undefined;
  /** Closes the editor, because a colleague has the case and nothing is lost by it. */
  readonly onRefused: () => void;
}

interface EditorLock {
  readonly view: EditorView;
  /** True while saving would be refused. */
  readonly isBlocked: boolean;
  /** Says who has the case and keeps what was typed, for an editor that is left while it is blocked. */
  readonly keepTyped: () => void;
}

/**
 * The lock of the case for as long as an editor is open (R1.4). The editor does not wait for it: it opens at once, works
 * without a lock where there is none to be had, and closes when a colleague was first, unless something was typed.
 */
export function useEditorLock({ subject, typed, onRefused }: EditorLockInput): EditorLock {
  const { client, user } = useSync();
  const { keeper } = useLockDesk();
  const tell = useTellLocked();
  const [{ records, name }] = useState(subject);
  const source = useMemo(() => keeper.of(records), [keeper, records]);
  const state = useSyncExternalStore(source.subscribe, source.getSnapshot);
  const subscribe = useCallback((listener: () => void) => client.locks.subscribe(listener), [client]);
  const blocking = useSyncExternalStore(subscribe, () => blockingLock(client.locks, records, user.id));
  const view = viewEditor(state, blocking);
  const isBlocked = view.kind === 'blocked';

  const refuse = useEffectEvent(() => {
    if (view.kind === 'blocked') tell(view.lock, { records, name });
    onRefused();
  });
  const isRefused = isBlocked && typed === undefined;
  useEffect(() => {
    if (isRefused) refuse();
  }, [isRefused]);

  return {
    view,
    isBlocked,
    keepTyped: () => {
      if (view.kind === 'blocked' && typed !== undefined) tell(view.lock, { records, name }, typed);
    },
  };
}
