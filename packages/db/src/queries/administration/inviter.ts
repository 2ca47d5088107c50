import { type SQL, sql } from 'drizzle-orm';
import { invitations, members, user } from '../../schema/index.ts';
import { membershipCounts } from '../counting-membership.ts';

/**
 * Whether whoever made an invitation, or gave it its present link, may still invite into its workspace: nobody who may not administer any
 * more lets themselves in again. One of nobody was made in the database itself, for who deletes an account takes back what it invited to.
 */
export const inviterMayInvite: SQL<boolean> = sql<boolean>`(${invitations}.created_by is null or exists (
  select from ${user} inviter
  where inviter.id = ${invitations}.created_by and inviter.disabled_at is null and (inviter.is_installation_admin or exists (
    select from ${members} where ${members}.workspace_id = ${invitations}.workspace_id and ${members}.user_id = inviter.id
      and ${members}.role = 'admin' and ${membershipCounts}))))`;
