import { cell, fieldsTable, type Schema, typeName } from './json-schema.ts';

/** What of the OpenAPI document the page shows. */
export interface OpenApi {
  readonly info: { readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, Answer>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

/** What stands once for all that point to it. */
interface Reference {
  readonly $ref: string;
}

interface Answer {
  readonly description?: string;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, Answer | Reference>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

/** The parts of the page, by what paths begin with; the first that fits counts. */
const PARTS: readonly (readonly [title: string, path: RegExp])[] = [
  ['Signing in and out', /^\/api\/auth\/|^\/api\/v1\/device-sign-ins/],
  ['Oneself', /^\/api\/v1\/me/],
  ['Administration', /^\/api\/v1\/administration/],
  ['Operation of the cluster', /^\/api\/v1\/operations/],
  ['Imports', /\/imports/],
  ['Conflicts and locks', /\/(conflicts|locks)/],
  ['Records', /^\/api\/v1\/workspaces/],
  ['Links by which people come in', /./],
];

/** What every operation may answer; the page says it once. */
const EVERYWHERE: ReadonlySet<string> = new Set(['304', '400', '401', '406', '500', '503']);

/** The HTTP API as Markdown: its operations in parts, and the codes of errors. */
export function httpApiMarkdown({ info, paths, components }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const partOf = (path: string) => PARTS.find(([, pattern]) => pattern.test(path))?.[0];
  return [
    ...PARTS.flatMap(([title]) => [
      `## ${title}`,
      ...operations
        .filter(({ path }) => partOf(path) === title)
        .flatMap(({ path, method, operation }) => [
          `### ${operation.summary}`,
          `\`\`\`http\n${method} ${path}\n\`\`\``,
          operation.description ?? '',
          parametersTable((operation.parameters ?? []).flatMap((one) => resolve(one, components.parameters) ?? [])),
          bodies(operation, components.schemas),
          answers(operation, components.responses),
        ]),
    ]),
    '## What is sent and answered',
    ...Object.entries(components.schemas).flatMap(([name, schema]) => [
      `### ${name}`,
      fieldsTable(schema) || typeName(schema),
    ]),
    '## Conventions and errors',
    info.description,
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** Without what every operation takes, the language and the person. */
function parametersTable(parameters: readonly Parameter[]): string {
  const own = parameters.filter((one) => one.in !== 'header' || one.required === true);
  if (own.length === 0) return '';
  const rows = own.map((one) => {
    const isThere = one.required === true ? '' : ' (may be missing)';
    return `| \`${one.name}\`${isThere} | ${one.in} | ${cell(typeName(one.schema))} | ${cell(one.description ?? '')} |`;
  });
  return ['| parameter | in | is | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function bodies({ requestBody }: Operation, schemas: OpenApi['components']['schemas']): string {
  return Object.entries(requestBody?.content ?? {})
    .map(([type, { schema }]) => {
      const named = schema.$ref === undefined ? schema : schemas[nameIn(schema.$ref)];
      const table = fieldsTable(named ?? schema);
      return table === '' ? `Body: \`${type}\`.` : `Body, \`${type}\`:\n\n${table}`;
    })
    .join('\n\n');
}

function answers({ responses }: Operation, shared: OpenApi['components']['responses']): string {
  const own = Object.entries(responses).filter(([status]) => !EVERYWHERE.has(status));
  return own.map(([status, one]) => `- **${status}** ${resolve(one, shared)?.description ?? ''}`).join('\n');
}

/** What a reference leads to; anything else as it is. */
function resolve<Part extends object>(
  part: Part | Reference,
  shared: Readonly<Record<string, Part>>,
): Part | undefined {
  return isReference(part) ? shared[nameIn(part.$ref)] : part;
}

function isReference(part: object): part is Reference {
  return '$ref' in part;
}

function nameIn(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
