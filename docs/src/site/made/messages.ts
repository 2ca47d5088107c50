import { fieldsTable, type Schema, typeName } from './json-schema.ts';

/** What of the AsyncAPI document the page shows. */
export interface AsyncApi {
  readonly channels: { readonly sync: { readonly 'x-close-codes': readonly CloseCode[] } };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: {
    readonly messages: Readonly<Record<string, Message>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

interface CloseCode {
  readonly code: number;
  readonly by: string;
  readonly meaning: string;
  readonly client: string;
}

interface Operation {
  readonly action: string;
  readonly messages: readonly { readonly $ref: string }[];
  readonly reply?: { readonly messages: readonly { readonly $ref: string }[] };
}

interface Message {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly payload: { readonly $ref: string };
  readonly examples: readonly { readonly summary: string; readonly payload: unknown }[];
}

/** How the schema of a message is called, before its type. */
const OF_MESSAGES = 'message.';

/** The messages of the WebSocket as Markdown: those of clients, those of nodes, their parts, the close codes. */
export function messagesMarkdown(document: AsyncApi): string {
  const { operations, components, channels } = document;
  const answers = new Map(
    Object.values(operations)
      .filter(({ action }) => action === 'receive')
      .map(({ messages, reply }) => [nameOf(messages[0]?.$ref), reply?.messages.map(({ $ref }) => nameOf($ref)) ?? []]),
  );
  const message = (one: Message) => {
    const schema = components.schemas[nameOf(one.payload.$ref)] ?? {};
    const answeredBy = answers.get(one.name);
    return [
      `### ${one.name}`,
      `${one.summary} ${one.description.replaceAll(/\bP\d+\b/g, linkToRule)}`,
      ...(answeredBy === undefined || answeredBy.length === 0
        ? []
        : [`Answered by ${answeredBy.map((name) => `[${name}](#${name})`).join(', ')}.`]),
      fieldsTable(schema),
      ...one.examples.map(
        ({ summary, payload }) => `*${summary}*\n\n\`\`\`json\n${JSON.stringify(payload, null, 1)}\n\`\`\``,
      ),
    ];
  };
  const all = Object.values(components.messages);
  const parts = Object.entries(components.schemas).filter(([name]) => !name.startsWith(OF_MESSAGES));
  return [
    '## Of clients',
    ...all.filter(({ name }) => answers.has(name)).flatMap(message),
    '## Of nodes',
    ...all.filter(({ name }) => !answers.has(name)).flatMap(message),
    '## Parts',
    ...parts.flatMap(([name, schema]) => [`### ${name}`, fieldsTable(schema) || choices(schema)]),
    '## Close codes',
    [
      '| code | closed by | meaning | the client |',
      '|---|---|---|---|',
      ...channels.sync['x-close-codes'].map(
        ({ code, by, meaning, client }) => `| ${code} | ${by} | ${meaning} | ${client} |`,
      ),
    ].join('\n'),
  ].join('\n\n');
}

/** A rule of the protocol, where it stands. */
function linkToRule(rule: string): string {
  return `[${rule}](../../packages/protocol/PROTOCOL.md#${rule.toLowerCase()})`;
}

/** One of several objects, each with its table; or what a simple value is. */
function choices(schema: Schema): string {
  const objects = (schema.oneOf ?? schema.anyOf ?? []).filter(({ properties }) => properties !== undefined);
  if (objects.length > 0) return objects.map(fieldsTable).join('\n\nor\n\n');
  const { pattern } = schema;
  if (pattern !== undefined) return `A ${typeName(schema)} like \`${pattern}\`.`;
  return schema.enum === undefined
    ? `A ${typeName(schema)}.`
    : `One of ${schema.enum.map((value) => `\`${String(value)}\``).join(', ')}.`;
}

function nameOf(reference = ''): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
