import { z } from 'zod';
import { edit } from './edit.ts';
import { hello } from './hello.ts';
import { ping } from './ping.ts';
import { subscribe } from './subscribe.ts';

/** Everything a client may send. */
export const upMessage = z.discriminatedUnion('type', [hello, subscribe, edit, ping]);
export type UpMessage = z.infer<typeof upMessage>;
