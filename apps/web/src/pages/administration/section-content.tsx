import type { Me } from '@meldesync/protocol';
import { EventsSection } from '../../features/administration/events/events-section.tsx';
import { AccountsSection } from '../../features/administration/installation/accounts-section.tsx';
import { WorkspacesSection } from '../../features/administration/installation/workspaces-section.tsx';
import { InvitationsSection } from '../../features/administration/invitations/invitations-section.tsx';
import { MembersSection } from '../../features/administration/members/members-section.tsx';
import type { AdministrationSearch, SectionName } from '../../features/administration/section-names.ts';
import { ServiceAccountsSection } from '../../features/administration/service-accounts/service-accounts-section.tsx';
import { WorkspaceSection } from '../../features/administration/workspace/workspace-section.tsx';
import type { Place } from './place.ts';

interface SectionProps {
  readonly name: SectionName;
  readonly me: Me;
  readonly administered: { readonly id: string; readonly name: string } | null;
  readonly place: Place;
  readonly search: AdministrationSearch;
}

/** What stands in a section. */
export function Section({ name, me, administered, place, search }: SectionProps) {
  const isInstallationAdmin = me.user.isInstallationAdmin === true;
  const of: AdministrationSearch = search.of === undefined ? {} : { of: search.of };
  if (name === 'accounts') return <AccountsSection user={me.user.id} />;
  if (name === 'events') return <EventsSection workspace={null} />;
  if (name === 'workspaces')
    return (
      <WorkspacesSection
        user={me.user.id}
        own={new Set(me.workspaces.map(({ id }) => id))}
        onOpen={(id) => void place.go('members', { of: id })}
      />
    );
  if (!administered) return null;
  if (name === 'members')
    return (
      <MembersSection
        workspace={administered}
        user={me.user.id}
        mayAdd={isInstallationAdmin}
        onInvite={() => void place.go('invitations', { ...of, invite: true })}
      />
    );
  if (name === 'invitations')
    return (
      <InvitationsSection
        workspace={administered}
        isInviting={search.invite === true}
        onInviting={(isInviting) => void place.go('invitations', isInviting ? { ...search, invite: true } : of)}
        isFirst={search.first === true}
      />
    );
  if (name === 'service-accounts') return <ServiceAccountsSection workspace={administered.id} />;
  if (name === 'history') return <EventsSection workspace={administered.id} />;
  return <WorkspaceSection workspace={administered.id} mayArchive={isInstallationAdmin} />;
}
