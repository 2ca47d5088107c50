import { createApi, SyncError } from '@meldesync/client';
import { type ErrorCode, problem } from '@meldesync/protocol';
import type { CliContext } from '../context.ts';
import { printAside } from '../context.ts';
import { askSecret, canAsk } from '../input/prompt.ts';
import type { Service } from '../session/service.ts';

const NEEDED = 'reauthentication-needed' satisfies ErrorCode;
const WRONG = 'password-wrong' satisfies ErrorCode;
/** How often somebody may mistype. */
const TRIES = 3;

/**
 * A `fetch` that, when the server wants to know again who one is, asks for the password and sends the request once more. Where
 * nobody can be asked, and MELDESYNC_PASSWORD says nothing, the refusal stands.
 */
export function withReauthentication(
  context: CliContext,
  { access, fetch }: Pick<Service, 'access' | 'fetch'>,
): typeof globalThis.fetch {
  const api = createApi({ baseUrl: access.server, fetch, language: context.language });
  return async (input, init) => {
    const answer = await fetch(input, init);
    if (answer.status !== 403 || (await codeOf(answer.clone())) !== NEEDED) return answer;
    return (await prove(context, api.reauthenticate)) ? fetch(input, init) : answer;
  };
}

async function prove(context: CliContext, reauthenticate: (password: string) => Promise<void>): Promise<boolean> {
  const { terminal, t } = context;
  const given = terminal.env['MELDESYNC_PASSWORD'];
  if (given) {
    await reauthenticate(given);
    return true;
  }
  if (!canAsk(terminal)) return false;
  printAside(context, t('admin.proveAgain'));
  for (let tries = 1; ; tries++) {
    try {
      await reauthenticate(await askSecret(terminal, t('login.password')));
      return true;
    } catch (error) {
      const mayTryAgain = error instanceof SyncError && error.code === WRONG && tries < TRIES;
      if (!mayTryAgain) throw error;
      printAside(context, t('admin.passwordWrong'));
    }
  }
}

async function codeOf(answer: Response): Promise<ErrorCode | undefined> {
  try {
    return problem.safeParse(await answer.json()).data?.code;
  } catch {
    // A proxy refused it, in its own words.
    return undefined;
  }
}
