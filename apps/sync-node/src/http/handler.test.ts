import { expect, it } from 'vitest';
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
