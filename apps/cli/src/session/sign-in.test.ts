import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ERROR_CATALOGUE, type ErrorCode, toProblem } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import { signIn } from './sign-in.ts';

/** What signing in ends with on a server that refuses the second step with a code of the catalogue. */
async function refusedWith(code: ErrorCode): Promise<unknown> {
  const server = createServer((request, response) => {
    const isSecond = request.url?.includes('two-factor') === true;
    response.writeHead(isSecond ? ERROR_CATALOGUE[code].status : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isSecond ? toProblem(code, 'de') : { twoFactorRedirect: true }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await signIn(
      { server: `http://127.0.0.1:${port}`, email: 'a@b.example', password: 'x', askCode: async () => '123456' },
      'de',
      AbortSignal.timeout(20_000),
    );
    return null;
  } catch (error) {
    return error;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it('a wrong code is called that, and what else the server refuses the second step for is said in its words', async () => {
  expect(await refusedWith('code-wrong')).toMatchObject({ name: 'CliError', key: 'wrongCode' });
  expect(await refusedWith('second-factor-locked')).toMatchObject({ name: 'SyncError', code: 'second-factor-locked' });
  expect(await refusedWith('foreign-origin')).toMatchObject({ name: 'SyncError', code: 'foreign-origin' });
});
