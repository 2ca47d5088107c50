import { createAuthClient } from 'better-auth/react';

/** Sign-in and sessions of this browser; the service mounts better-auth under this path. */
export const auth = createAuthClient({ baseURL: `${location.origin}/api/auth` });
