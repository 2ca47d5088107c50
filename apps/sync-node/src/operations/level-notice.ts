import type { NewNotice } from '@meldesync/db';
import type { DecidedLevel } from '@meldesync/operations';

/** The cluster works at another level, for what is measured. */
export function levelChanged({ before, level, reasons }: DecidedLevel): NewNotice {
  return {
    kind: 'level-changed',
    actor: 'system',
    sessionId: null,
    address: null,
    workspaceId: null,
    subject: null,
    before: { level: before },
    after: { level, chosenBy: 'measured', reasons },
  };
}
