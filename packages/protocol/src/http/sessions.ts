import { z } from 'zod';
import { readableList } from '../readable-list.ts';
import { passwordText } from './administration.ts';
import { moment } from './moment.ts';

/** Says at sign-in, with `1`, that others use this device too: nothing is to be kept there, and the session ends sooner. `0` says that nobody does. */
export const SHARED_HEADER = 'meldesync-shared';
/** Says at sign-in how the session will be used. Only a `terminal` gets its token, in `TOKEN_HEADER`; a browser has its cookie. */
export const SESSION_KIND_HEADER = 'meldesync-session-kind';
/** Where an answer tells a terminal its token, signed: at sign-in, and anew once the key that it is signed with is no longer the first. */
export const TOKEN_HEADER = 'set-auth-token';

/** A session of one's own; its token is in no answer. */
export const ownSession = z.object({
  id: z.string(),
  kind: z.enum(['browser', 'terminal', 'service']),
  /** What an administrator calls the token of a program. */
  label: z.string().nullable(),
  /** What it was begun with, as far as it said: `Firefox` and `Windows`. */
  program: z.string().nullable(),
  system: z.string().nullable(),
  /** The network address it was begun from. */
  address: z.string().nullable(),
  createdAt: moment,
  /** When the person was last there. */
  lastInputAt: moment,
  /** When it ends unless there is input before. */
  expiresAt: moment,
  isShared: z.boolean(),
  /** It is the one that asks. */
  isCurrent: z.boolean(),
});
export type OwnSession = z.infer<typeof ownSession>;
/** `GET /api/v1/me/recovery-codes`: how many are still good; null for who has no one-time passwords, or where they cannot be read. */
export const recoveryCodesLeft = z.object({ left: z.number().int().nullable() });

/** `GET /api/v1/me/sessions`, the present one first, then the youngest. */
export const ownSessionList = z.object({ sessions: z.array(ownSession) });
export const receivedOwnSessionList = z.object({ sessions: readableList(ownSession) });

/** `POST /api/v1/me/reauthenticate` */
export const reauthentication = z.object({ password: passwordText });
