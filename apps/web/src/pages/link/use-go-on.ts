import { useNavigate } from '@tanstack/react-router';
import { leavePage } from '../../api/leave-page.ts';
import { isPageOf } from '../../api/page-person.ts';
import { queryClient } from '../../api/query-client.ts';

/** Opens a page as who has just signed in, in place of the one that the link opened. */
export function useGoOn(): (user: string, href: string) => Promise<void> {
  const navigate = useNavigate();
  return async (user, href) => {
    if (!isPageOf(user)) return leavePage(href);
    queryClient.clear();
    await navigate({ href, replace: true });
  };
}
