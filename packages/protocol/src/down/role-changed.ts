import { z } from 'zod';
import { role } from '../http/workspace.ts';

/** What the client's person may do in the workspace from now on, in place of what `welcome` said (P55). */
export const roleChanged = z.object({ type: z.literal('role'), role });
export type RoleChanged = z.infer<typeof roleChanged>;
