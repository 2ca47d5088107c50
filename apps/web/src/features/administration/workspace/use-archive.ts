import type { AdministeredWorkspace } from '@meldesync/protocol';
import { useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { showMessage } from '../../../ui/messages.tsx';
import { type Act, useAct } from '../use-act.ts';

interface Archive {
  readonly act: Act;
  /** Whether it was done. */
  readonly archive: () => Promise<boolean>;
  readonly restore: () => Promise<boolean>;
}

/** Closes a workspace for everybody, and opens it again. */
export function useArchive({ id, name, version }: AdministeredWorkspace): Archive {
  const t = useTranslations('administration.workspace');
  const act = useAct();
  const set = async (isArchived: boolean): Promise<boolean> => {
    const done = await act.run(() => administrationApi().changeWorkspace(id, version, { isArchived }));
    if (done) showMessage({ message: t(isArchived ? 'archived' : 'restored', { name }) });
    return done !== null;
  };
  return { act, archive: () => set(true), restore: () => set(false) };
}
