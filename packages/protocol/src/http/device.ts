import { z } from 'zod';

/** How many people's edits of the release before a browser asks to seal at once. */
const MAX_OWNERS = 50;

const base64 = z.base64();

/** `POST /api/v1/me/device`: a browser says what it is, and asks for what it needs to keep something. */
export const openedDevice = z.object({
  /** Others work in this browser too: nothing is to be kept there. It stays so for the life of the session. */
  isShared: z.boolean(),
  /** User ids of whom the browser has edits that wait and are not sealed yet. */
  owners: z.array(z.string().min(1).max(100)).max(MAX_OWNERS).optional(),
});
export type OpenedDevice = z.infer<typeof openedDevice>;

/** Two halves of a pair on P-256: the public one as a point, not compressed; the private one as PKCS #8. */
const sealingPair = z.object({ publicKey: base64, privateKey: base64 });

/** What a browser may keep, for how long, and the keys to it. For the person's own session alone. */
export const deviceKeys = z.object({
  /** Names the session, and so the key of its copy. */
  session: z.string(),
  isShared: z.boolean(),
  /** 256 bits, of which the key of the copy is made; null where nothing is to be kept. */
  copyKey: base64.nullable(),
  /** How long the copy may be opened without another word of the service, in milliseconds. */
  keepMs: z.number().int().nonnegative(),
  /** How long nobody needs to be there until the page hides what it shows, in milliseconds. */
  idleMs: z.number().int().positive(),
  /** Edits that wait are sealed to the first; the others opened what was sealed under earlier secrets. */
  sealing: z.array(sealingPair).min(1),
  /** The public keys of those who were asked for. */
  owners: z.record(z.string(), base64),
});
export type DeviceKeys = z.infer<typeof deviceKeys>;
