import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Cluster } from './cluster.ts';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];
interface Answer {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
}
interface Description {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Answer>> }>>>
  >;
  readonly components: { readonly schemas?: Readonly<Record<string, object>> };
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
    const path = this.#routes.find(
      ([pattern, described]) => pattern.test(pathname) && this.#description.paths[described]?.[method.toLowerCase()],
    )?.[1];
    if (path === undefined) return;
    const route = `${method} ${path} ${response.status}`;
    const answer = this.#description.paths[path]?.[method.toLowerCase()]?.responses[response.status];
    const text = await response.clone().text();
    assert.ok(answer, `${route} is not described: ${text.slice(0, 500)}`);
    for (const [name, { required }] of Object.entries(answer.headers ?? {}))
      if (required) assert.ok(response.headers.has(name), `${route} lacks ${name}`);
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
