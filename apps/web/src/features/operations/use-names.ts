import { useQuery, useQueryClient } from '@tanstack/react-query';
import { membersQuery } from '../../api/queries.ts';

const NOBODY: ReadonlyMap<string, string> = new Map();

/** Names by user id of all people of some workspaces; of fewer while they are on their way. */
export function useNames(workspaces: readonly string[]): ReadonlyMap<string, string> {
  const queryClient = useQueryClient();
  const { data = NOBODY } = useQuery({
    queryKey: ['names', ...workspaces],
    queryFn: async () => {
      const members = await Promise.all(
        workspaces.map((workspace) => queryClient.ensureQueryData(membersQuery(workspace))),
      );
      return new Map(members.flat().map(({ id, name }) => [id, name]));
    },
    // With each lock that comes or goes it is another question: what was known until then stays.
    placeholderData: (known) => known,
  });
  return data;
}
