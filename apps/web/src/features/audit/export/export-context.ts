import { createContext, useContext } from 'react';
import type { AuditExporting } from './use-export.ts';

export const ExportContext = createContext<AuditExporting | null>(null);

export function useExporting(): AuditExporting {
  const exporting = useContext(ExportContext);
  if (!exporting) throw new Error('useExporting is used outside of the page of the trail');
  return exporting;
}
