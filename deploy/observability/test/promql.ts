/** A metric as an expression selects it. */
interface Selection {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly equals?: string }[];
}

/** What an expression of PromQL names. */
export interface Names {
  readonly selections: readonly Selection[];
  /** Labels by which it groups or joins. */
  readonly grouping: readonly string[];
}

const WORDS = new Set(['and', 'or', 'unless', 'offset', 'bool', 'inf', 'nan']);
const GROUPING = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const NAME = /([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(\{[^}]*\}|\(?)/g;
const MATCHER = /([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"([^"]*)"/g;

function parseMatchers(text: string): Selection['matchers'] {
  return [...text.matchAll(MATCHER)].map(([, label = '', operator, value = '']) => ({
    label,
    ...(operator === '=' ? { equals: value } : {}),
  }));
}

/** Finds metrics and labels in an expression: enough of PromQL for ours, whose label values have no braces. */
export function namesIn(expression: string): Names {
  const grouping: string[] = [];
  const bare = expression
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/\boffset\s+\w+/g, '')
    .replaceAll(GROUPING, (_whole, labels: string) => {
      grouping.push(...labels.split(',').map((label) => label.trim()));
      return ' ';
    });
  const selections = [...bare.matchAll(NAME)]
    .filter(([, name = '', after]) => after !== '(' && !WORDS.has(name.toLowerCase()))
    // Of `sum by (…) (x)` the grouping is gone, and what is left of the function stands before a parenthesis.
    .map(([, metric = '', after = '']) => ({ metric, matchers: parseMatchers(after) }));
  return { selections, grouping: grouping.filter((label) => label !== '') };
}
