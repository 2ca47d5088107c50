/** A part of a document: JSON. */
type Part = unknown;
type Parts = Record<string, Part>;

const isParts = (part: Part): part is Parts => typeof part === 'object' && part !== null && !Array.isArray(part);

/** Whatever is the same as one of the named schemas is a reference to it, within those schemas too. Gives the whole document anew. */
export function shareSchemas(document: Parts): Parts {
  const components = partsOf(document['components']);
  const schemas = partsOf(components['schemas']);
  const names = new Map(Object.entries(schemas).map(([name, schema]) => [JSON.stringify(schema), name]));
  const shared = (part: Part): Part => {
    if (Array.isArray(part)) return part.map(shared);
    if (!isParts(part)) return part;
    return referenceTo(part, names) ?? within(part);
  };
  const within = (part: Parts): Parts =>
    Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, isExample(key) ? inner : shared(inner)]));
  const kept = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, within(partsOf(schema))]));
  const { components: _, ...rest } = document;
  return { ...within(rest), components: { ...components, schemas: kept } };
}

/** What stands there is no schema, though it may look like one. */
function isExample(key: string): boolean {
  return key === 'example' || key === 'examples';
}

/** A schema that takes null besides is one of the two. */
function referenceTo(part: Parts, names: ReadonlyMap<string, string>): Parts | undefined {
  const name = names.get(JSON.stringify(part));
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  const { type } = part;
  if (!Array.isArray(type) || type.length !== 2 || type[1] !== 'null') return undefined;
  const other = names.get(JSON.stringify({ ...part, type: type[0] as Part }));
  return other === undefined ? undefined : { oneOf: [{ $ref: `#/components/schemas/${other}` }, { type: 'null' }] };
}

/**
 * Refusals that several routes describe in the same words stand once, named by them: `NobodyIsSignedIn401`. Changes the operations, and gives
 * what they point to.
 */
export function shareRefusals(operations: readonly { responses?: Parts }[]): Parts {
  const counts = new Map<string, number>();
  const refusals = operations.flatMap(({ responses = {} }) =>
    Object.entries(responses).flatMap(([status, answer]) =>
      Number(status) < 400 ? [] : [{ responses, status, answer }],
    ),
  );
  const textOf = ({ status, answer }: { status: string; answer: Part }) => status + JSON.stringify(answer);
  for (const refusal of refusals) counts.set(textOf(refusal), (counts.get(textOf(refusal)) ?? 0) + 1);
  const names = new Map<string, string>();
  const shared: Parts = {};
  for (const refusal of refusals) {
    const text = textOf(refusal);
    if ((counts.get(text) ?? 0) < 2) continue;
    const { responses, status, answer } = refusal;
    const name = names.get(text) ?? freeName(`${wordsOf(answer)}${status}`, shared);
    names.set(text, name);
    shared[name] = answer;
    responses[status] = { $ref: `#/components/responses/${name}` };
  }
  return shared;
}

const MOST_WORDS = 4;

function wordsOf(answer: Part): string {
  const words = String(partsOf(answer)['description']).match(/[A-Za-z]+/g) ?? [];
  return words
    .slice(0, MOST_WORDS)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function freeName(wanted: string, taken: Parts): string {
  let name = wanted;
  for (let n = 2; name in taken; n++) name = `${wanted}V${n}`;
  return name;
}

/** What is there, or nothing. */
function partsOf(part: Part): Parts {
  return isParts(part) ? part : {};
}

/** How the properties are called that hold a moment, ISO 8601 in UTC. */
const MOMENT = /^(?:at|since|searchedTo|\w+At)$/;

/** Says of texts that hold a moment that they do: the schemas of the protocol take them as they come. Changes the document. */
export function nameMoments(part: Part): void {
  if (Array.isArray(part)) {
    for (const inner of part) nameMoments(inner);
    return;
  }
  if (!isParts(part)) return;
  for (const [name, schema] of Object.entries(partsOf(part['properties']))) {
    // A cursor of that name has a form of its own.
    if (!isParts(schema) || !MOMENT.test(name) || 'pattern' in schema) continue;
    const isText = schema['type'] === 'string' || (Array.isArray(schema['type']) && schema['type'].includes('string'));
    if (isText) schema['format'] ??= 'date-time';
  }
  for (const [key, inner] of Object.entries(part)) if (!isExample(key)) nameMoments(inner);
}
