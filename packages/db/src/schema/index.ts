export * from './auth.ts';
export * from './changes.ts';
export * from './conflicts.ts';
export * from './edit-operations.ts';
export * from './feed.ts';
export * from './imports.ts';
export * from './records.ts';
export * from './workspaces.ts';
