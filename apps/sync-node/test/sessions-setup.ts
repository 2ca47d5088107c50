import { CLOSE_CODES, SESSION_KIND_HEADER, TOKEN_HEADER, type UpMessage } from '@meldesync/protocol';
import {
  type Cluster,
  connectRaw,
  eventually,
  type HttpCall,
  type RawSocketOptions,
  type TestPerson,
} from '@meldesync/testkit';
import { expect } from 'vitest';

/** Requests a path of a node of the cluster. */
export function callNode(cluster: Cluster, node: number, path: string, call: HttpCall = {}): Promise<Response> {
  const headers = new Headers(call.headers);
  if (call.as) headers.set('authorization', `Bearer ${call.as.token}`);
  if (call.json !== undefined) headers.set('content-type', 'application/json');
  return fetch(`${cluster.url(node)}${path}`, {
    method: call.method ?? 'GET',
    headers,
    ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
  });
}

/** Signs a person in at a node; what its answer says, and the person with the token of a terminal. */
export async function signInAt(
  cluster: Cluster,
  node: number,
  person: TestPerson,
  headers: Record<string, string> = {},
): Promise<{ response: Response; cookie: string; person: TestPerson; session: string }> {
  const response = await callNode(cluster, node, '/api/auth/sign-in/email', {
    method: 'POST',
    headers: { origin: cluster.url(node), [SESSION_KIND_HEADER]: 'terminal', ...headers },
    json: { email: person.email, password: person.password },
  });
  expect(response.status).toBe(200);
  const [cookie = ''] = response.headers.getSetCookie().map((one) => one.split(';')[0] ?? '');
  const [{ id = '' } = {}] = await cluster.sql(
    'select id from auth.session where user_id = $1 order by created_at desc limit 1',
    [person.id],
  );
  const token = response.headers.get(TOKEN_HEADER) ?? '';
  return { response, cookie, person: { ...person, token }, session: String(id) };
}

/** What becomes of a socket that opens with these headers and says hello. */
export async function socketOutcome(
  cluster: Cluster,
  node: number,
  options: RawSocketOptions,
): Promise<'welcomed' | 'refused'> {
  await using socket = await connectRaw(cluster.url(node), options);
  socket.send(helloTo(cluster));
  await eventually(() => {
    if (socket.closed === undefined && socket.messages.length === 0) throw new Error('neither welcomed nor refused');
  });
  if (socket.messages[0]?.type === 'welcome') return 'welcomed';
  expect(await socket.closeCode()).toBe(CLOSE_CODES.unauthenticated);
  return 'refused';
}

export function helloTo(cluster: Cluster): UpMessage {
  return { type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } };
}
