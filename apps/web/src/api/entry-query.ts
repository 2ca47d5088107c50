import { queryOptions } from '@tanstack/react-query';
import { entryApi } from './administration.ts';

/** How one signs in here, and whether the installation waits for its first administrator. */
export const entryQuery = queryOptions({
  queryKey: ['entry'],
  queryFn: ({ signal }) => entryApi().entry({ signal }),
});
