import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import specs from '@asyncapi/specs';
import { CLOSE_RULES, downMessage, SUBPROTOCOL, SYNC_PATH, upMessage } from '@meldesync/protocol';
import { Ajv, type AnySchema } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import downVectors from '../../packages/protocol/vectors/down.json' with { type: 'json' };
import upVectors from '../../packages/protocol/vectors/up.json' with { type: 'json' };

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

interface Document {
  readonly channels: {
    readonly sync: {
      readonly address: string;
      readonly messages: Readonly<Record<string, unknown>>;
      readonly bindings: unknown;
      readonly 'x-close-codes': readonly { readonly code: number }[];
    };
  };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: {
    readonly messages: Readonly<
      Record<string, { readonly payload: { readonly $ref: string }; readonly examples: unknown[] }>
    >;
    readonly schemas: Readonly<Record<string, object>>;
  };
}

interface Operation {
  readonly action: 'send' | 'receive';
  readonly messages: readonly { readonly $ref: string }[];
  readonly reply?: { readonly messages: readonly { readonly $ref: string }[] };
}

const document: Document = parse(await readFile(at('docs/asyncapi.yaml'), 'utf8'));
const protocol = await readFile(at('packages/protocol/PROTOCOL.md'), 'utf8');
const operations = Object.values(document.operations);

const UP = upMessage.options.map(({ shape }) => shape.type.value).toSorted();
const DOWN = downMessage.options.map(({ shape }) => shape.type.value).toSorted();

interface Vectors {
  readonly valid: readonly { readonly name: string; readonly message: unknown }[];
  readonly invalid: readonly { readonly name: string; readonly message: unknown }[];
}

/** What a node takes of clients to come, and says nothing of what may be sent today (P51). */
const ONLY_READ: ReadonlySet<string> = new Set([
  'hello of a client that comes back for a reason of a later version',
  'hello whose time away cannot be read, which costs nothing',
]);

/** The types that are named by references such as `#/channels/sync/messages/hello`. */
const typesOf = (references: readonly { readonly $ref: string }[]) =>
  references.map(({ $ref }) => $ref.slice('#/channels/sync/messages/'.length));

const distinct = (types: readonly string[]) => [...new Set(types)].toSorted();

/** Whether a message is one of what goes in a direction, by the document alone. */
function validator(types: readonly string[]) {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'document', components: document.components });
  const checks = new Map(
    types.map((type) => [type, ajv.compile({ $ref: `document${document.components.messages[type]?.payload.$ref}` })]),
  );
  return (message: unknown) => checks.get(String((message as { type?: unknown } | null)?.type))?.(message) ?? false;
}

describe('docs/asyncapi.yaml', () => {
  it('is an AsyncAPI 3.0 document by the schema of AsyncAPI', () => {
    const schema: AnySchema = { ...specs.schemas['3.0.0'] } as AnySchema;
    // It brings the schema of JSON Schema itself.
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, meta: false, validateSchema: false });
    const isValid = ajv.compile(schema);
    void isValid(document);
    expect(isValid.errors ?? []).toEqual([]);
  });

  it('names every message of the protocol, and none else', () => {
    const all = [...UP, ...DOWN].toSorted();
    expect(distinct(all)).toEqual(all);
    expect(Object.keys(document.channels.sync.messages).toSorted()).toEqual(all);
    expect(Object.keys(document.components.messages).toSorted()).toEqual(all);
  });

  it('receives what clients send, and sends or answers what nodes send', () => {
    const received = operations.filter(({ action }) => action === 'receive');
    const sent = operations.filter(({ action }) => action === 'send');
    expect(received.flatMap(({ messages }) => typesOf(messages)).toSorted()).toEqual(UP);
    const answers = received.flatMap(({ reply }) => typesOf(reply?.messages ?? []));
    expect(distinct([...answers, ...sent.flatMap(({ messages }) => typesOf(messages))])).toEqual(DOWN);
  });

  it('says where, by which subprotocol, and with which close codes', () => {
    const { address, bindings, 'x-close-codes': closes } = document.channels.sync;
    expect(address).toBe(SYNC_PATH);
    expect(JSON.stringify(bindings)).toContain(`"${SUBPROTOCOL}"`);
    expect(closes.map(({ code }) => code)).toEqual(Object.values(CLOSE_RULES).map(({ code }) => code));
  });

  it('names rules that PROTOCOL.md has', () => {
    const named = Object.values(document.components.messages).flatMap(
      (message) => JSON.stringify(message).match(/\bP\d+\b/g) ?? [],
    );
    expect(named.length).toBeGreaterThan(20);
    expect(distinct(named).filter((rule) => !protocol.includes(`- **${rule}** `))).toEqual([]);
  });

  it('has an example of each message but those that no vector shows', () => {
    const bare = Object.entries(document.components.messages).filter(([, { examples }]) => examples.length === 0);
    expect(bare.map(([type]) => type)).toEqual(['import']);
  });
});

describe.each<[string, string[], Vectors]>([
  ['up', UP, upVectors],
  ['down', DOWN, downVectors],
])('the schemas of docs/asyncapi.yaml, %s', (_direction, types, { valid, invalid }) => {
  const takes = validator(types);

  it.each(valid)('P3 take $name', ({ name, message }) => {
    expect(takes(message)).toBe(!ONLY_READ.has(name));
  });

  it.each(invalid)('P25 refuse $name', ({ message }) => {
    expect(takes(message)).toBe(false);
  });
});
