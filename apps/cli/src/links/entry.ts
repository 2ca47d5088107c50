import { createEntryApi, type EntryApi } from '@meldesync/client';
import { keepSignIn } from '../commands/login.ts';
import { type CliContext, printAside } from '../context.ts';
import { createFetch } from '../session/fetch.ts';
import { isInsecure } from '../session/server-address.ts';
import { signIn } from '../session/sign-in.ts';
import type { SignIns } from '../session/sign-ins.ts';

/** What may be asked of a server without being signed in there; with a token, as whose it is. */
export function openEntry(context: CliContext, server: string, token?: string): EntryApi {
  const { terminal, language, errorStyle, t } = context;
  if (isInsecure(server)) printAside(context, errorStyle.yellow(t('login.insecure', { server })));
  const fetch = createFetch({ server, language, signal: terminal.signal, ...(token === undefined ? {} : { token }) });
  return createEntryApi({ baseUrl: server, fetch, language });
}

/** Signs in with a password that was chosen just now. */
export async function enterWith(
  context: CliContext,
  signIns: SignIns,
  { server, email, password, workspace }: { server: string; email: string; password: string; workspace: string },
): Promise<void> {
  const { language, terminal } = context;
  // An account that was made just now has no second factor.
  const askCode = async () => '';
  const token = await signIn({ server, email, password, askCode }, language, terminal.signal);
  await keepSignIn(context, signIns, { server, token, workspace });
}
