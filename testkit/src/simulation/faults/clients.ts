import type { FaultContext } from '../fault.ts';
import type { SimClient } from '../sim-client.ts';
import type { SimConnection } from '../sim-connection.ts';
import { pickOf } from './pick.ts';

export function cut(context: FaultContext): string | false {
  return withConnection(context, (connection) => connection.cut());
}

export function breakSilently(context: FaultContext): string | false {
  return withConnection(context, (connection) => connection.breakSilently());
}

export function stall(context: FaultContext): string | false {
  const { random } = context;
  return withConnection(context, (connection) => connection.stall(random.between(500, 40_000)));
}

export function freeze(context: FaultContext): string | false {
  const { random, scheduler } = context;
  return withClient(context, ({ process }) => scheduler.pause(process, random.between(100, 35_000)));
}

export function reload(context: FaultContext): string | false {
  return withClient(context, (client) => {
    context.world.stopClient(client);
    context.world.startClient();
  });
}

export function pressButtons(context: FaultContext): string | false {
  const { random, scheduler } = context;
  return withClient(context, ({ client, process }) => {
    scheduler.after(0, process, () => {
      if (random.chance(0.5)) client.reconnectNow();
      else client.refresh().catch(ignore);
    });
  });
}

function withClient({ world, random }: FaultContext, act: (client: SimClient) => void): string | false {
  const client = pickOf(world.clients, random);
  if (!client) return false;
  act(client);
  return client.process.name;
}

function withConnection({ world, random }: FaultContext, act: (connection: SimConnection) => void): string | false {
  const open = [...world.network.connections].filter(({ isOpen }) => isOpen);
  const connection = pickOf(open, random);
  if (!connection) return false;
  act(connection);
  return connection.client.name;
}

/** A refresh that fails is told to the person. */
function ignore(): void {}
