/** What is administered in one workspace. */
export const WORKSPACE_SECTIONS = ['members', 'invitations', 'service-accounts', 'history', 'workspace'] as const;
/** What is administered in the whole installation. */
export const INSTALLATION_SECTIONS = ['workspaces', 'accounts', 'events'] as const;

export type SectionName = (typeof WORKSPACE_SECTIONS)[number] | (typeof INSTALLATION_SECTIONS)[number];

/** Reads the part of an address that names a section; undefined for none. */
export function sectionName(text: string): SectionName | undefined {
  return [...WORKSPACE_SECTIONS, ...INSTALLATION_SECTIONS].find((name) => name === text);
}

/** Whether a section is of one workspace. */
export function isOfWorkspace(name: SectionName): name is (typeof WORKSPACE_SECTIONS)[number] {
  return WORKSPACE_SECTIONS.some((one) => one === name);
}

/** What the address of Verwaltung holds besides the section. */
export interface AdministrationSearch {
  /** Id of a workspace that is administered from elsewhere. */
  readonly of?: string;
  /** Somebody is about to be invited. */
  readonly invite?: true;
  /** The installation has just been set up. */
  readonly first?: true;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Reads it; what is unreadable is left out. */
export function parseAdministrationSearch(search: Record<string, unknown>): AdministrationSearch {
  const { of, invite, first } = search;
  return {
    ...(typeof of === 'string' && UUID.test(of) ? { of: of.toLowerCase() } : {}),
    ...(invite === true ? { invite } : {}),
    ...(first === true ? { first } : {}),
  };
}
