import type { Messages } from '../catalogue.ts';
import { account } from './account.ts';
import { cases } from './cases.ts';
import { conflicts } from './conflicts.ts';
import { connection } from './connection.ts';
import { device } from './device.ts';
import { edit } from './edit.ts';
import { imports } from './imports.ts';
import { locks } from './locks.ts';
import { offline } from './offline.ts';
import { operations } from './operations.ts';
import { panel } from './panel.ts';
import { password } from './password.ts';
import { people } from './people.ts';
import { presence } from './presence.ts';
import { security } from './security.ts';
import { selection } from './selection.ts';
import { sessions } from './sessions.ts';
import { shell } from './shell.ts';
import { shortcuts } from './shortcuts.ts';
import { signIn } from './sign-in.ts';
import { undo } from './undo.ts';

/** Every English text of the web app. */
export const en: Messages = {
  account,
  cases,
  conflicts,
  connection,
  device,
  edit,
  imports,
  locks,
  offline,
  operations,
  panel,
  password,
  people,
  presence,
  security,
  selection,
  sessions,
  shell,
  shortcuts,
  signIn,
  undo,
};
