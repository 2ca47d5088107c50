import { createContext, useContext } from 'react';
import type { AuditSearch } from '../../../address/audit-search.ts';

/** What the trail is narrowed to, and how that changes. */
export interface TrailFilter {
  readonly search: AuditSearch;
  /** Empty for any. */
  readonly caseId: string;
  readonly text: string;
  readonly change: (next: (search: AuditSearch) => AuditSearch) => void;
  readonly setCaseId: (caseId: string) => void;
  readonly setText: (text: string) => void;
  /** Takes all of it away. */
  readonly reset: () => void;
}

export const TrailFilterContext = createContext<TrailFilter | null>(null);

export function useTrailFilter(): TrailFilter {
  const filter = useContext(TrailFilterContext);
  if (!filter) throw new Error('useTrailFilter is used outside of the page of the trail');
  return filter;
}
