import type { Style } from './style.ts';
import { printable, textWidth, wrap } from './text.ts';

/** Lines of a label and its value, the values below each other; a value may have several lines, and is broken
 * at blanks to fit a width. Nothing is cut. */
export function renderPairs(
  pairs: ReadonlyArray<readonly [string, string]>,
  style: Style,
  width: number,
  indent = '',
): string[] {
  const labelWidth = Math.max(0, ...pairs.map(([label]) => textWidth(label))) + 2;
  const valueWidth = width - textWidth(indent) - labelWidth;
  return pairs.flatMap(([label, value]) =>
    value
      .split('\n')
      .flatMap((line) => wrap(printable(line), valueWidth))
      .map((line, index) => {
        const shown = index === 0 ? label : '';
        return `${indent}${style.dim(shown)}${' '.repeat(labelWidth - textWidth(shown))}${line}`;
      }),
  );
}
