/**
 * A document with its generated tables as they ought to be. Each stands between `<!-- generated: NAME -->` and `<!-- end -->`.
 * @param {string} markdown
 * @param {Record<string, () => string>} tables
 * @returns {string}
 * @throws {Error} when the document has no place for a table
 */
export function withTables(markdown, tables) {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const begin = `<!-- generated: ${name} -->\n`;
    const from = text.indexOf(begin);
    const to = text.indexOf('\n<!-- end -->', from);
    if (from === -1 || to === -1) throw new Error(`there is no place for the table "${name}"`);
    return `${text.slice(0, from + begin.length)}${table()}${text.slice(to)}`;
  }, markdown);
}
