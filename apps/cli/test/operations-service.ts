import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { API_PREFIX, type ErrorCode, type Operations, toProblem } from '@meldesync/protocol';
import { sampleOperations } from '@meldesync/testkit';

/** How a service answers that a test wants in a state which a real one is in only when something is broken. */
export interface OperationsService extends AsyncDisposable {
  readonly url: string;
  /** From now on: how it is, or the error that it answers with. */
  answer(next: Partial<Operations> | ErrorCode): void;
  /** Ends it: nobody answers any more. */
  end(): Promise<void>;
}

export const HOLDER = { id: 'user-1', name: 'Anna Albers' };

/** Answers who is signed in, who is in their workspace, and how the service is; nothing else. */
export async function startOperationsService(workspace: string): Promise<OperationsService> {
  let now: Partial<Operations> | ErrorCode = {};
  const answers: Readonly<Record<string, () => object | ErrorCode>> = {
    [`${API_PREFIX}/me`]: () => ({
      user: { id: 'user-2', name: 'Ada Admin', email: 'ada@test.example' },
      workspaces: [{ id: workspace, name: 'Testklinik', role: 'admin' }],
    }),
    [`${API_PREFIX}/workspaces/${workspace}/members`]: () => ({ members: [{ ...HOLDER, role: 'editor' }] }),
    [`${API_PREFIX}/operations`]: () => (typeof now === 'string' ? now : sampleOperations(new Date(), now)),
  };
  const server: Server = createServer((request, response) => {
    const answer = answers[request.url ?? '']?.() ?? 'not-found';
    const body = typeof answer === 'string' ? toProblem(answer, 'de') : answer;
    const status = typeof answer === 'string' ? toProblem(answer, 'de').status : 200;
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const end = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (next) => {
      now = next;
    },
    end,
    [Symbol.asyncDispose]: end,
  };
}
