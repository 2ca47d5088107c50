import { expect, it } from 'vitest';
import { FairGate } from '../budgets/fair-gate.ts';
import { createBudgets } from '../budgets/node-budgets.ts';
import { systemRuntime } from '../runtime.ts';
import { createHandler, type HandlerOptions } from './handler.ts';
import { prepareAnswer } from './prepared-answer.ts';
import { readBody } from './whole-body.ts';

it('the description of the API is what was prepared, however often it is asked for', async () => {
  const asked: string[] = [];
  const handle = createHandler({
    api: {
      fetch: (request: Request) => {
        asked.push(new URL(request.url).pathname);
        return new Response();
      },
    } as unknown as HandlerOptions['api'],
    description: prepareAnswer(new TextEncoder().encode('{"openapi":"3.1.0"}'), {
      contentType: 'application/json',
      cacheControl: 'no-cache',
    }),
    routes: () => undefined,
    budgets: createBudgets(10, systemRuntime),
    origins: new Set<string>(),
    isSecure: false,
  } as Partial<HandlerOptions> as HandlerOptions);
  for (let count = 0; count < 3; count++) {
    const response = await handle(new Request('http://localhost/api/openapi.json'));
    expect(new TextDecoder().decode(await readBody(response))).toBe('{"openapi":"3.1.0"}');
  }
  expect(asked).toEqual([]);
  await handle(new Request('http://localhost/api/nothing'));
  expect(asked).toEqual(['/api/nothing']);
});

it('strangers of one address take turns, those of another have their own, and health has an account of its own', async () => {
  const rules = { atOnce: 9, each: 9, waiting: 0, waitMs: 0, costOf: () => 1 };
  // Time stands still but for the refusals, which come at once.
  const runtime = { ...systemRuntime, monotonicMs: () => 0, sleep: () => Promise.resolve() };
  const gate = (burst: number) => new FairGate({ ...rules, allowance: { burst, perSecond: 1 } }, runtime);
  const handle = createHandler({
    description: prepareAnswer(new TextEncoder().encode('{}'), {
      contentType: 'application/json',
      cacheControl: 'no-cache',
    }),
    staticFiles: { answer: () => new Response('page') },
    routes: () => undefined,
    ready: () => Promise.resolve({ usable: true, live: true, missing: [] }),
    budgets: { strangers: gate(4), health: gate(2) },
    origins: new Set<string>(),
    isSecure: false,
  } as unknown as HandlerOptions);
  const ask = async (path: string, address: string) => {
    const response = await handle(new Request(`http://localhost${path}`, { headers: { 'x-real-ip': address } }));
    return response.status;
  };
  for (const path of ['/', '/api/openapi.json', '/nothing', '/']) expect(await ask(path, '2001:db8:1:2::1')).toBe(200);
  // The same network, whatever the rest of the address.
  expect(await ask('/', '2001:db8:1:2::9')).toBe(429);
  expect(await ask('/', '2001:db8:1:3::9')).toBe(200);
  expect(await ask('/readyz', '2001:db8:1:2::1')).toBe(200);
  expect(await ask('/healthz', '2001:db8:1:2::1')).toBe(200);
  expect(await ask('/readyz', '2001:db8:1:2::1')).toBe(429);
  expect(await ask('/readyz', '192.0.2.1')).toBe(200);
});
