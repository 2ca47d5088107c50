import assert from 'node:assert/strict';
import { API_PREFIX, ERROR_CATALOGUE, type ErrorCode, type Problem } from '@meldesync/protocol';
import type { Cluster } from './cluster.ts';
import { expectDescribed } from './described-answers.ts';
import type { TestPerson } from './people.ts';

/** One request; nothing about it is checked, so that it may be as wrong as a test wants it. Its answer is. */
export interface HttpCall {
  /** Whose bearer token it carries; nobody's when absent. */
  readonly as?: TestPerson | undefined;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Sent as JSON, in place of `body`. */
  readonly json?: unknown;
  readonly body?: BodyInit;
}

/** Requests a path of the cluster's first node. Throws when the answer is not as the service's own description has it. */
export async function callHttp(cluster: Cluster, path: string, call: HttpCall = {}): Promise<Response> {
  const headers = new Headers(call.headers);
  if (call.as) headers.set('authorization', `Bearer ${call.as.token}`);
  if (call.json !== undefined) headers.set('content-type', 'application/json');
  const body = call.json === undefined ? call.body : JSON.stringify(call.json);
  const method = call.method ?? 'GET';
  const response = await fetch(`${cluster.url()}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  await expectDescribed(cluster, method, path, response);
  return response;
}

/** A path of the API below a workspace, the cluster's first unless said otherwise. */
export function workspacePath(cluster: Cluster, path: string, workspace = cluster.workspace): string {
  return `${API_PREFIX}/workspaces/${workspace}${path}`;
}

/** The problem details of an answer; throws when they are not those of the code (RFC 9457). */
export async function expectProblem(response: Response, code: ErrorCode): Promise<Problem> {
  const text = await response.text();
  assert.equal(response.headers.get('content-type'), 'application/problem+json', text);
  const problem = JSON.parse(text) as Problem;
  assert.equal(problem.code, code, text);
  assert.equal(problem.type, `urn:meldesync:error:${code}`);
  assert.equal(problem.status, response.status);
  assert.equal(response.status, ERROR_CATALOGUE[code].status);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  return problem;
}

/** Signs a person in as the page of the cluster's first node would; the cookie a browser would send from then on. */
export async function cookieOf(cluster: Cluster, person: TestPerson): Promise<string> {
  const response = await callHttp(cluster, '/api/auth/sign-in/email', {
    method: 'POST',
    headers: { origin: cluster.url() },
    json: { email: person.email, password: person.password },
  });
  assert.equal(response.status, 200);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
