import { z } from 'zod';
import { attend } from './attend.ts';
import { diverged } from './diverged.ts';
import { edit } from './edit.ts';
import { hello } from './hello.ts';
import { lock, unlock } from './lock.ts';
import { ping } from './ping.ts';
import { report } from './report.ts';
import { subscribe } from './subscribe.ts';

/** Everything a client may send. */
export const upMessage = z.discriminatedUnion('type', [
  hello,
  subscribe,
  edit,
  lock,
  unlock,
  attend,
  diverged,
  ping,
  report,
]);
export type UpMessage = z.infer<typeof upMessage>;
