import fc from 'fast-check';

/** JSON Schema as far as zod writes it of messages. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What no message holds in such a place: of another kind, beyond all bounds, or hard to read. */
const wrong = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    0.5,
    1e308,
    Number.MAX_SAFE_INTEGER,
    2 ** 53,
    '',
    '\0',
    '\ud800',
    '\u202e',
    '__proto__',
    'constructor',
    [],
    {},
    [[]],
  ),
  fc.string({ maxLength: 2_000, unit: 'binary' }),
  fc.array(fc.constant(1), { minLength: 600, maxLength: 700 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** One value in this many is not what the schema says. */
const WRONG_IN = 12;

/** Values of a schema, of which some places are not as it says, and some properties are missing or too many. */
export function jsonArbitrary(schema: JsonSchema): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: rightOf(schema), weight: WRONG_IN - 1 }, { arbitrary: wrong, weight: 1 });
}

function rightOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(jsonArbitrary));
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objectOf(schema.properties ?? {});
    case 'array':
      return fc.array(jsonArbitrary(schema.items ?? {}), { maxLength: Math.min(5, schema.maxItems ?? 5) });
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer({ min: Math.max(-10, schema.minimum ?? -10), max: Math.min(1_000, schema.maximum ?? 1_000) });
    case 'number':
      return fc.double({ noNaN: true });
    case 'boolean':
      return fc.boolean();
    default:
      return wrong;
  }
}

function textOf({ format, pattern, minLength = 0, maxLength = 100 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.min(maxLength, 200), unit: 'grapheme' });
}

function objectOf(properties: Readonly<Record<string, JsonSchema>>): fc.Arbitrary<unknown> {
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, jsonArbitrary(schema)])),
    { requiredKeys: 'type' in properties ? ['type'] : [] },
  );
  const further = fc.dictionary(fc.constantFrom('x', '__proto__', 'toString', 'type '), wrong, { maxKeys: 1 });
  return fc
    .tuple(known, fc.option(further, { freq: WRONG_IN }))
    .map(([value, more]) => (more === null ? value : { ...value, ...more }));
}
