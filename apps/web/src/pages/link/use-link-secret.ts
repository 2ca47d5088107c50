import { useSyncExternalStore } from 'react';
import { linkSecret, onLinkSecret } from '../../address/link-secret.ts';

/** The secret of the link that opened this page; null where it has none, or none any more. */
export function useLinkSecret(): string | null {
  return useSyncExternalStore(onLinkSecret, linkSecret);
}
