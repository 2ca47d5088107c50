/** What of a JSON Schema the pages show. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
}

/** Longer lists of values are named, not shown. */
const VALUES_SHOWN = 12;
/** What whole numbers are at most in JSON; no limit of ours. */
const SAFE = Number.MAX_SAFE_INTEGER;

/** A table of the fields of an object, or nothing where it has none. */
export function fieldsTable(schema: Schema): string {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return '';
  const rows = fields.map(([name, field]) => {
    const isThere = schema.required?.includes(name) ?? false;
    return `| \`${name}\`${isThere ? '' : ' (may be missing)'} | ${cell(typeName(field))} | ${cell(limits(field))} |`;
  });
  return ['| field | holds | limits |', '|---|---|---|', ...rows].join('\n');
}

/** What a value is, in a few words; parts that stand elsewhere are linked there. */
export function typeName(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
    return `[${name}](#${name.toLowerCase()})`;
  }
  if ('const' in schema) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) {
    const shown = schema.enum.slice(0, VALUES_SHOWN).map((value) => `\`${JSON.stringify(value)}\``);
    return `${shown.join(', ')}${schema.enum.length > VALUES_SHOWN ? ', …' : ''}`;
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(typeName).join(' or ');
  if (schema.items !== undefined) return `list of ${typeName(schema.items)}`;
  if (schema.properties !== undefined) {
    const names = Object.keys(schema.properties).map((name) => `\`${name}\``);
    return `object with ${names.join(', ')}`;
  }
  if (schema.type === undefined) return 'anything';
  return [schema.type].flat().join(' or ');
}

function limits(schema: Schema): string {
  const { minimum, maximum, exclusiveMinimum, minLength, maxLength, minItems, maxItems, pattern, format } = schema;
  return [
    format === undefined ? '' : format,
    minimum === undefined || minimum === -SAFE ? '' : `at least ${minimum}`,
    exclusiveMinimum === undefined ? '' : `above ${exclusiveMinimum}`,
    maximum === undefined || maximum === SAFE ? '' : `at most ${maximum}`,
    minLength === undefined ? '' : `at least ${minLength} characters`,
    maxLength === undefined ? '' : `at most ${maxLength} characters`,
    minItems === undefined ? '' : `at least ${minItems}`,
    maxItems === undefined ? '' : `at most ${maxItems}`,
    // A UUID says so by its format already.
    pattern === undefined || format !== undefined ? '' : `\`${pattern}\``,
  ]
    .filter((text) => text !== '')
    .join(', ');
}

/** Text in a cell of a table: a bar would end it. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
