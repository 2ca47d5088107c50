import { account } from './account.ts';
import { cases } from './cases.ts';
import { connection } from './connection.ts';
import { edit } from './edit.ts';
import { imports } from './imports.ts';
import { panel } from './panel.ts';
import { people } from './people.ts';
import { shell } from './shell.ts';
import { shortcuts } from './shortcuts.ts';
import { signIn } from './sign-in.ts';

/** Every German text of the web app; the English one has the same keys and arguments. */
export const de = { account, cases, connection, edit, imports, panel, people, shell, shortcuts, signIn } as const;
