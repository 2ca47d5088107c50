/**
 * @typedef {import('../../packages/telemetry/src/events/event-definition.ts').EventDefinition} EventDefinition
 * @typedef {{ readonly type: string, readonly means: string }} FieldDefinition
 */

const PARTS = ['every process', 'sync node', 'relay', 'worker'];
const KIND = /** @type {const} */ ({ node: 'sync node', relay: 'relay', worker: 'worker' });

/**
 * docs/EVENTS.md, of the catalogue of events.
 * @param {Readonly<Record<string, EventDefinition>>} events
 * @param {Readonly<Record<string, FieldDefinition>>} fields
 * @returns {string}
 */
export function eventsDocument(events, fields) {
  const parts = PARTS.map((part) => {
    const own = Object.entries(events).filter(([, { by }]) => partOf(by) === part);
    return `## Of ${part === 'every process' ? part : `a ${part}`}\n\n${own.map(([name, event]) => section(name, event)).join('\n')}`;
  });
  const rows = Object.keys(fields)
    .toSorted()
    .map((name) => `| \`${name}\` | ${fields[name]?.type} | ${fields[name]?.means} |`);
  return `${HEAD}\n${parts.join('\n')}\n## Fields\n\n| field | type | what it means |\n|---|---|---|\n${rows.join('\n')}\n`;
}

const HEAD = `<!-- Written by npm run docs from packages/telemetry/src/events. -->
# Events of the logs

Every line from \`info\` up has a field \`event\` with one of these names, which watching programs may hold on to; its text may change. Beside
its own fields a line has \`level\` (10 times 3 info, 4 warn, 5 error, 6 fatal; 20 is debug), \`time\`, \`pid\`, \`hostname\`, \`name\` of the process,
\`msg\`, and within a span \`trace_id\` and \`span_id\`. Fields in brackets are not always there. Of the same event and cause a line is written at
once, and then at most one a minute with \`more\`; *told apart by* names what makes another cause, beside the code of \`err\`.
`;

/** @param {EventDefinition['by']} by */
function partOf(by) {
  const [one] = by;
  return by.length > 1 || one === undefined ? 'every process' : KIND[one];
}

/**
 * @param {string} name
 * @param {EventDefinition} event
 */
function section(name, { level, says, fields, optional = [], cause = [], todo }) {
  const named = [...fields.map((field) => `\`${field}\``), ...optional.map((field) => `[\`${field}\`]`)].join(', ');
  return [
    `### ${name}`,
    '',
    `*${[level].flat().join(', ')}* – ${says}`,
    '',
    ...(named === '' ? [] : [`- fields: ${named}`]),
    ...(cause.length === 0 ? [] : [`- told apart by: ${cause.map((field) => `\`${field}\``).join(', ')}`]),
    `- what to do: ${todo}`,
    '',
  ].join('\n');
}
