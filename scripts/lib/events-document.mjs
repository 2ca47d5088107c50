/**
 * @typedef {import('../../packages/telemetry/src/events/event-definition.ts').EventDefinition} EventDefinition
 * @typedef {{ readonly type: string, readonly means: string }} FieldDefinition
 * @typedef {{ readonly commits: 'act' | 'notice', readonly about: string | null, readonly before: readonly string[], readonly after: readonly string[] }} TrailKind
 * @typedef {{ readonly kinds: readonly string[], readonly groupOf: (kind: string) => string | undefined, readonly nameOf: (kind: string) => string, readonly further: Readonly<Record<string, TrailKind>> }} Trail
 */

const PARTS = ['every process', 'sync node', 'relay', 'worker'];
const KIND = /** @type {const} */ ({ node: 'sync node', relay: 'relay', worker: 'worker' });

/**
 * docs/EVENTS.md, of the catalogue of events and of the trail.
 * @param {Readonly<Record<string, EventDefinition>>} events
 * @param {Readonly<Record<string, FieldDefinition>>} fields
 * @param {Trail} trail
 * @returns {string}
 */
export function eventsDocument(events, fields, trail) {
  const parts = PARTS.map((part) => {
    const own = Object.entries(events).filter(([, { by }]) => partOf(by) === part);
    return `### Of ${part === 'every process' ? part : `a ${part}`}\n\n${own.map(([name, event]) => section(name, event)).join('\n')}`;
  });
  const rows = Object.keys(fields)
    .toSorted()
    .map((name) => `| \`${name}\` | ${fields[name]?.type} | ${fields[name]?.means} |`);
  return `${HEAD}\n${parts.join('\n')}\n### Fields\n\n| field | type | what it means |\n|---|---|---|\n${rows.join('\n')}\n\n${trailPart(events, trail)}`;
}

const HEAD = `<!-- Written by npm run docs from packages/telemetry/src/events. -->
# Events of the logs, and entries of the trail

What happens in MeldeSync has one name, and two places that may tell of it: the logs, for who runs the service, and the audit trail in
Postgres ([below](#entries-of-the-trail)), for who answers for what was done in it. *In the trail* says which entry tells the same, or why none does.

## Events of the logs

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
function section(name, { level, says, fields, optional = [], cause = [], trail, todo }) {
  const named = [...fields.map((field) => `\`${field}\``), ...optional.map((field) => `[\`${field}\`]`)].join(', ');
  return [
    `#### ${name}`,
    '',
    `*${[level].flat().join(', ')}* – ${says}`,
    '',
    ...(named === '' ? [] : [`- fields: ${named}`]),
    ...(cause.length === 0 ? [] : [`- told apart by: ${cause.map((field) => `\`${field}\``).join(', ')}`]),
    ...(trail === undefined ? [] : [`- in the trail: ${entriesOf(trail)}`]),
    `- what to do: ${todo}`,
    '',
  ].join('\n');
}

/** @param {NonNullable<EventDefinition['trail']>} trail */
function entriesOf(trail) {
  if (typeof trail === 'object' && 'none' in trail) return `none, ${trail.none}`;
  return [trail]
    .flat()
    .map((kind) => `\`${kind}\``)
    .join(', ');
}

const COMMITTED = { act: 'with the act, or the act fails', notice: 'after the fact' };

/**
 * The kinds of entries, and which events of the logs tell the same.
 * @param {Readonly<Record<string, EventDefinition>>} events
 * @param {Trail} trail
 */
function trailPart(events, { kinds, groupOf, nameOf, further }) {
  const logged = (/** @type {string} */ kind) =>
    Object.entries(events)
      .filter(([, event]) => event.trail !== undefined && entriesOf(event.trail).includes(`\`${kind}\``))
      .map(([name]) => `\`${name}\``)
      .join(', ');
  const listed = (/** @type {readonly string[]} */ names) => names.map((name) => `\`${name}\``).join(', ');
  const rows = kinds.map((kind) => {
    const own = further[kind];
    const cells = [
      `\`${kind}\``,
      nameOf(kind),
      groupOf(kind),
      COMMITTED[own?.commits ?? 'act'],
      own ? (own.about ?? '–') : '',
      own ? [listed(own.before), listed(own.after)].filter((part) => part !== '').join(' → ') : '',
      logged(kind),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `## Entries of the trail

Each entry has its kind, who did it, when by the server’s clock, the network address and session it came from, the workspace, what it is about, and
what was before and after. What is written *with the act* commits in its transaction, or the act does not happen (\`trail-unavailable\`); what is written *after
the fact* never holds up an edit or a connection: it is tried for some minutes, and what could not be written is counted in
\`meldesync_audit_notices_total\` and becomes an entry \`entries-untold\` ([ADR 35](adr/0035-what-is-on-record.md)).

| kind | means | group | is written | about | before → after | in the logs |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}
