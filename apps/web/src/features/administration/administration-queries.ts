import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { administrationApi } from '../../api/administration.ts';
import { ADMINISTRATION } from './administration-key.ts';

/** Others administer too: what stood here is looked up whenever somebody comes back to the page. */
const shared = { refetchOnWindowFocus: 'always', staleTime: 0 } as const;

/** Workspaces that the person may administer. */
export const workspacesQuery = queryOptions({
  queryKey: [...ADMINISTRATION, 'workspaces'],
  queryFn: ({ signal }) => administrationApi().workspaces({ signal }),
  ...shared,
});

/** Members of a workspace, people and programs. */
export const administeredMembersQuery = (workspace: string) =>
  queryOptions({
    queryKey: [...ADMINISTRATION, 'members', workspace],
    queryFn: ({ signal }) => administrationApi().administeredMembers(workspace, { signal }),
    ...shared,
  });

export const invitationsQuery = (workspace: string) =>
  queryOptions({
    queryKey: [...ADMINISTRATION, 'invitations', workspace],
    queryFn: ({ signal }) => administrationApi().invitations(workspace, { signal }),
    ...shared,
  });

export const serviceAccountsQuery = (workspace: string) =>
  queryOptions({
    queryKey: [...ADMINISTRATION, 'service-accounts', workspace],
    queryFn: ({ signal }) => administrationApi().serviceAccounts(workspace, { signal }),
    ...shared,
  });

/** All accounts of the installation. */
export const accountsQuery = queryOptions({
  queryKey: [...ADMINISTRATION, 'accounts'],
  queryFn: ({ signal }) => administrationApi().accounts({ signal }),
  ...shared,
});

/** What was done to people and workspaces, newest first, page by page; in one workspace, or for null everywhere. */
export const eventsQuery = (workspace: string | null) =>
  infiniteQueryOptions({
    queryKey: [...ADMINISTRATION, 'events', workspace],
    queryFn: ({ pageParam, signal }) => {
      const page = { before: pageParam ?? undefined, signal };
      return workspace === null
        ? administrationApi().events(page)
        : administrationApi().workspaceEvents(workspace, page);
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    ...shared,
  });
