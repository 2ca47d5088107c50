import { z } from 'zod';

/** What the services behind the tests are, as vitest's global set-up or a script names them. */
export function testEnvironment() {
  return z
    .object({
      TEST_DATABASE_URL: z.string().min(1),
      TEST_DATABASE_TEMPLATE: z.string().optional(),
      REDIS_SERVER_BIN: z.string().min(1),
      CHROMIUM_PATH: z.string().optional(),
    })
    .parse(process.env);
}
