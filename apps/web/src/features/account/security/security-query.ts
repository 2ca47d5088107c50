import { queryOptions } from '@tanstack/react-query';
import { secondFactors } from '../../../api/own-sign-in.ts';

/** What the person has beside their password. */
export const secondFactorsQuery = queryOptions({
  queryKey: ['second-factors'],
  queryFn: ({ signal }) => secondFactors(signal),
});
