import { z } from 'zod';
import { administration } from './administration.ts';
import { edited } from './edited.ts';
import { errorMessage } from './error.ts';
import { frames } from './frames.ts';
import { freshness } from './freshness.ts';
import { importProgress } from './import-progress.ts';
import { lockGranted, lockHeld, locks, unlocked } from './locks.ts';
import { pong } from './pong.ts';
import { presence } from './presence.ts';
import { range } from './range.ts';
import { reset } from './reset.ts';
import { roleChanged } from './role-changed.ts';
import { subscribed } from './subscribed.ts';
import { behind, tier } from './tier.ts';
import { welcome } from './welcome.ts';

/** Everything a sync node may send. */
export const downMessage = z.discriminatedUnion('type', [
  welcome,
  subscribed,
  frames,
  range,
  reset,
  edited,
  lockGranted,
  lockHeld,
  unlocked,
  locks,
  presence,
  tier,
  behind,
  freshness,
  importProgress,
  administration,
  roleChanged,
  pong,
  errorMessage,
]);
export type DownMessage = z.infer<typeof downMessage>;
