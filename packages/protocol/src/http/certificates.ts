import { z } from 'zod';

/** A certificate that people's browsers meet: the one that the address of the service shows, or the one in the file that a node was named. */
export const operationsCertificate = z.object({
  source: z.enum(['served', 'file']),
  /** When it, or one that it was shown with, is over; null where it could not be read. */
  endsAt: z.string().nullable(),
});
export type OperationsCertificate = z.infer<typeof operationsCertificate>;

const DAY_MS = 86_400_000;
/** Time to have one made, where that takes people. */
const SOON_DAYS = 30;
/** Whatever renews it by itself has failed. */
const URGENT_DAYS = 7;

/** How pressing the end of a certificate is; `unread` where nobody could see it. */
export type CertificateState = 'fine' | 'soon' | 'urgent' | 'over' | 'unread';

/** @param endsAt epoch milliseconds, as `now`; null where it could not be read */
export function certificateState(endsAt: number | null, now: number): CertificateState {
  if (endsAt === null) return 'unread';
  const days = (endsAt - now) / DAY_MS;
  if (days <= 0) return 'over';
  if (days <= URGENT_DAYS) return 'urgent';
  return days <= SOON_DAYS ? 'soon' : 'fine';
}

/** Whole days until a certificate is over; below 0 once it is, from its first moment on. */
export function daysLeft(endsAt: number, now: number): number {
  const days = Math.trunc((endsAt - now) / DAY_MS) + 0;
  return endsAt <= now ? Math.min(days, -1) : days;
}
