import type { AdministrationSearch, SectionName } from '../../features/administration/section-names.ts';

/** Where Verwaltung stands: around it is a workspace, or nothing. */
export interface Place {
  /** The open workspace; null where there is none. */
  readonly workspace: { readonly id: string; readonly name: string } | null;
  /** Goes to a section. */
  readonly go: (section: SectionName, search: AdministrationSearch) => Promise<void>;
}
