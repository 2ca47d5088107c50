import { CliError } from '../errors.ts';

/** What a workspace is named by. */
interface NamedWorkspace {
  readonly id: string;
  readonly name: string;
}

/**
 * The workspace of a call: the wanted one by id or name (capitals do not matter), else the only one there is. Throws
 * `noWorkspace`, `workspaceAmbiguous` or `workspaceUnknown`, which name what there is to choose from.
 */
export function chooseWorkspace<Workspace extends NamedWorkspace>(
  memberships: readonly Workspace[],
  wanted: string | undefined,
): Workspace {
  if (memberships.length === 0) throw new CliError('noWorkspace');
  const [match, ...others] = candidates(memberships, wanted);
  if (match === undefined) {
    throw new CliError('workspaceUnknown', {
      name: wanted ?? '',
      names: memberships.map(({ name }) => name).join(', '),
    });
  }
  if (others.length > 0) {
    const hasSameNames = new Set([match, ...others].map(({ name }) => name)).size <= others.length;
    const names = [match, ...others].map(({ name, id }) => (hasSameNames ? `${name} (${id})` : name)).join(', ');
    throw new CliError('workspaceAmbiguous', { names });
  }
  return match;
}

/** The same without an error: undefined when there is not exactly one. */
export function findWorkspace<Workspace extends NamedWorkspace>(
  memberships: readonly Workspace[],
  wanted: string | undefined,
): Workspace | undefined {
  const [match, ...others] = candidates(memberships, wanted);
  return others.length === 0 ? match : undefined;
}

function candidates<Workspace extends NamedWorkspace>(
  memberships: readonly Workspace[],
  wanted: string | undefined,
): readonly Workspace[] {
  if (wanted === undefined) return memberships;
  const byId = memberships.filter(({ id }) => id === wanted.toLowerCase());
  return byId.length > 0 ? byId : memberships.filter(({ name }) => isSameName(name, wanted));
}

function isSameName(one: string, other: string): boolean {
  return one.localeCompare(other, 'de', { sensitivity: 'accent' }) === 0;
}
