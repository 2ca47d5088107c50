import { customType } from 'drizzle-orm/pg-core';

/** A column of bytes, which drizzle has no name for. */
export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
