/**
 * Finds the template that a path is of, such as `/records/{record}`; of several the one with the fewest parameters. A parameter is one
 * part of the path, and not empty.
 */
export function findTemplates(templates: Iterable<string>): (path: string) => string | undefined {
  const byLength = new Map<number, { readonly template: string; readonly parts: readonly string[] }[]>();
  const parameters = (template: string) => template.split('{').length;
  for (const template of [...new Set(templates)].toSorted((a, b) => parameters(a) - parameters(b))) {
    const parts = template.split('/');
    byLength.set(parts.length, [...(byLength.get(parts.length) ?? []), { template, parts }]);
  }
  return (path) => {
    const parts = path.split('/');
    return byLength.get(parts.length)?.find((wanted) => wanted.parts.every((part, at) => fits(part, parts[at])))
      ?.template;
  };
}

function fits(wanted: string, part: string | undefined): boolean {
  return wanted.startsWith('{') ? part !== '' : wanted === part;
}
