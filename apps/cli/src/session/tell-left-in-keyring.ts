import { type CliContext, printAside } from '../context.ts';
import type { SignIns } from './sign-ins.ts';

/** Says when the keyring still has a token that is not in use here any more. */
export function tellLeftInKeyring(context: CliContext, signIns: SignIns, server: string): void {
  const { errorStyle, t } = context;
  if (signIns.isLeftInKeyring(server)) printAside(context, errorStyle.yellow(t('login.leftInKeyring', { server })));
}
