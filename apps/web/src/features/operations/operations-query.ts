import { queryOptions } from '@tanstack/react-query';
import { api, errorCodeOf } from '../../api/api.ts';

const POLL_MS = 2_000;
/** A question that is not answered by then counts as one without news; the next one follows. */
const LIMIT_MS = 8_000;

/**
 * How the whole service is, asked for again and again while somebody looks at the page. Whoever may not know is not asked
 * again for. No answer is no reason to wait longer: the next question is the retry.
 */
export const operationsQuery = queryOptions({
  queryKey: ['operations'],
  queryFn: ({ signal }) => api().operations({ signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]) }),
  refetchInterval: ({ state }) => (isForbidden(state.error) ? false : POLL_MS),
  refetchOnWindowFocus: 'always',
  retry: false,
  staleTime: 0,
});

/** Whether the service says that this person may not know. */
export function isForbidden(error: unknown): boolean {
  return errorCodeOf(error) === 'forbidden';
}
