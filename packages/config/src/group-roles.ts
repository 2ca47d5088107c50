/** What a group of the provider of single sign-on gives its people. */
export interface GroupRole {
  readonly group: string;
  /** Name or id of a workspace. */
  readonly workspace: string;
  readonly role: 'viewer' | 'editor' | 'admin' | 'auditor';
}

/** What the mapping must be, in words that follow on "must be". */
export const GROUPS_SAY =
  'entries such as gm-team=Humangenetik:editor, separated by commas; a role is viewer, editor, admin or auditor, and a backslash stands before a comma, = or : that belongs to a name';

/** One entry: names in which a backslash takes the character behind it as it is. */
const ENTRY = /^(?<group>(?:\\.|[^\\=])+)=(?<workspace>(?:\\.|[^\\:])+):(?<role>viewer|editor|admin|auditor)$/su;
/** Entries between commas that no backslash stands before. */
const ENTRIES = /(?:\\.|[^\\,])+/gsu;

/** Reads a mapping of groups; undefined for what is none, and for one that is empty. */
export function groupRoles(text: string): readonly GroupRole[] | undefined {
  const entries = (text.match(ENTRIES) ?? []).map((entry) => entry.trim()).filter((entry) => entry !== '');
  const read = entries.flatMap((entry) => {
    const { group, workspace, role } = ENTRY.exec(entry)?.groups ?? {};
    if (group === undefined || workspace === undefined || role === undefined) return [];
    return [{ group: plain(group), workspace: plain(workspace), role: role as GroupRole['role'] }];
  });
  return read.length > 0 && read.length === entries.length ? read : undefined;
}

function plain(name: string): string {
  return name.trim().replaceAll(/\\(.)/gsu, '$1');
}
