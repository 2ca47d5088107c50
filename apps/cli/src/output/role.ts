import type { Role } from '@meldesync/protocol';
import type { Translate } from '../messages/translator.ts';

/** What a role allows, in a word. */
export function describeRole(role: Role, t: Translate): string {
  const texts: Record<Role, string> = {
    viewer: t('common.roleViewer'),
    editor: t('common.roleEditor'),
    admin: t('common.roleAdmin'),
    auditor: t('common.roleAuditor'),
  };
  return texts[role];
}
