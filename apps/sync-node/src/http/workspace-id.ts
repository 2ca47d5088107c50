/** As we write them: to Postgres other spellings are the same id, to Redis and to maps they are other workspaces. */
export const WORKSPACE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
