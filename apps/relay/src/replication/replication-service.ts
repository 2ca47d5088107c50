import { openClient } from '@meldesync/db';
import { LogicalReplicationService } from 'pg-logical-replication';

const APPLICATION_NAME = 'meldesync-relay';
/**
 * How long Postgres waits for a word of the relay before it gives the slot to another one (its own default is a minute). The
 * relay has to speak several times in it, whatever else it does; see `watchSender`.
 */
const SILENCE_MS = 5_000;
const SLOT_LIMITS = [`wal_sender_timeout=${SILENCE_MS}`, `tcp_user_timeout=${2 * SILENCE_MS}`];

/**
 * The library's service for one connection of logical replication, which confirms nothing by itself.
 *
 * The library makes its connection in a private method and listens to it only once it stands. A server that ends it in that
 * very moment, as in a failover, would end the process: so the method is replaced by one whose connection has a listener
 * from the start. The test of this file fails when another version of the library no longer takes it from there.
 */
export function createReplicationService(url: string): LogicalReplicationService {
  const service = new LogicalReplicationService(
    {},
    // The library would confirm the last received position by itself on a timer; both switches are needed to stop it.
    { acknowledge: { auto: false, timeoutSeconds: 0 }, flowControl: { enabled: true } },
  );
  const client = async () => {
    await service.stop();
    const opened = openClient(
      {
        connectionString: url,
        application_name: APPLICATION_NAME,
        options: ['TimeZone=UTC', 'DateStyle=ISO', ...SLOT_LIMITS].map((setting) => `-c ${setting}`).join(' '),
        replication: 'database',
      },
      (error) => service.emit('error', error),
    );
    // From here on `stop` ends it.
    Object.assign(service, { _client: opened });
    await opened.connect();
    const { connection } = opened as typeof opened & { readonly connection: unknown };
    Object.assign(service, { _connection: connection });
    return [opened, connection];
  };
  return Object.assign(service, { client });
}
