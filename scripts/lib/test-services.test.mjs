import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { runToEnd } from './command.mjs';

it('gives tests a Postgres that logical replication works with', async () => {
  const client = new Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await client.connect();
  try {
    const database = `services_${randomUUID().replaceAll('-', '')}`;
    await client.query(`CREATE DATABASE ${database}`);
    await client.query(`DROP DATABASE ${database}`);
    const { rows } = await client.query('SHOW wal_level');
    expect(rows).toEqual([{ wal_level: 'logical' }]);
  } finally {
    await client.end();
  }
});

it('gives tests a Redis, and the program to start another', async () => {
  const url = new URL(process.env['TEST_REDIS_URL'] ?? '');
  expect(url.protocol).toMatch(/^rediss?:$/);
  const { output } = await runToEnd(process.env['REDIS_SERVER_BIN'] ?? '', ['--version']);
  expect(output).toMatch(/v=\d+/);
});
