import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Cluster } from './cluster.ts';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];
/** Stands once for all that point to it. */
interface Reference {
  readonly $ref: string;
}
interface Answer {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean } | Reference>>;
}
interface Description {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Answer | Reference>> }>>>
  >;
  readonly components: {
    readonly schemas?: Readonly<Record<string, object>>;
    readonly responses?: Readonly<Record<string, Answer>>;
    readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  };
}

/** Nothing larger is looked into. */
const MAX_BODY_CHARACTERS = 100_000;

const descriptions = new WeakMap<Cluster, Promise<Described | undefined>>();

/** Throws when an answer of a route that `/api/openapi.json` describes is none of those that it describes. */
export async function expectDescribed(
  cluster: Cluster,
  method: string,
  path: string,
  response: Response,
): Promise<void> {
  if (!path.startsWith('/api/')) return;
  let described = descriptions.get(cluster);
  if (!described) {
    described = readDescription(cluster);
    descriptions.set(cluster, described);
  }
  const read = await described;
  if (!read) descriptions.delete(cluster);
  await read?.expect(method, path, response);
}

/** Undefined where the node that describes itself is away. */
async function readDescription(cluster: Cluster): Promise<Described | undefined> {
  const response = await fetch(`${cluster.url()}/api/openapi.json`).catch(() => undefined);
  return response?.ok ? new Described((await response.json()) as Description) : undefined;
}

class Described {
  readonly #description: Description;
  readonly #routes: readonly (readonly [pattern: RegExp, path: string])[];
  readonly #schemas = new Map<object, z.ZodType>();

  constructor(description: Description) {
    this.#description = description;
    // Of two that fit the one with fewer parameters is meant.
    this.#routes = Object.keys(description.paths)
      .toSorted((a, b) => a.split('{').length - b.split('{').length)
      .map((path) => [new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`), path] as const);
  }

  async expect(method: string, address: string, response: Response): Promise<void> {
    const { pathname } = new URL(address, 'http://localhost');
    const path = this.#routes.find(([pattern]) => pattern.test(pathname))?.[1];
    if (path === undefined || !this.#description.paths[path]?.[method.toLowerCase()]) return;
    const route = `${method} ${path} ${response.status}`;
    const { responses, headers } = this.#description.components;
    const answer = resolve(
      this.#description.paths[path]?.[method.toLowerCase()]?.responses[response.status],
      responses,
    );
    const text = await response.clone().text();
    assert.ok(answer, `${route} is not described: ${text.slice(0, 500)}`);
    for (const [name, header] of Object.entries(answer.headers ?? {}))
      if (resolve(header, headers)?.required) assert.ok(response.headers.has(name), `${route} lacks ${name}`);
    if (!answer.content) return assert.equal(text, '', `${route} has a body that is not described`);
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    const schema = answer.content[type]?.schema;
    assert.ok(schema, `${route} is not described as "${type}": ${text.slice(0, 500)}`);
    if (text.length > MAX_BODY_CHARACTERS) return;
    // What is no JSON is described as a text.
    const isJson = /[/+]json$/.test(type);
    const { error } = this.#schemaOf(schema).safeParse(isJson ? JSON.parse(text) : text);
    assert.ok(!error, `${route} is not as described: ${error && z.prettifyError(error)}`);
  }

  #schemaOf(schema: object): z.ZodType {
    let known = this.#schemas.get(schema);
    if (!known) {
      const $defs = this.#description.components.schemas ?? {};
      const whole = JSON.stringify({ ...schema, $defs }).replaceAll('#/components/schemas/', '#/$defs/');
      known = z.fromJSONSchema(JSON.parse(whole) as JsonSchema);
      this.#schemas.set(schema, known);
    }
    return known;
  }
}

/** What a reference leads to; anything else as it is. */
function resolve<Part extends object>(
  part: Part | Reference | undefined,
  shared: Readonly<Record<string, Part>> | undefined,
): Part | undefined {
  if (!part || !isReference(part)) return part;
  return shared?.[part.$ref.slice(part.$ref.lastIndexOf('/') + 1)];
}

function isReference(part: object): part is Reference {
  return '$ref' in part;
}
