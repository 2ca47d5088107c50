import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Lag, LaggingPipe } from './lagging-pipe.ts';

/** A wire between a client and a server that can be cut, or made thin. */
export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections that went silent so far. */
  readonly silenced: number;
  /** Pieces, either way, that took their time so far (`lag`). */
  readonly lagged: number;
  /** Origin to connect to instead of the server's. */
  readonly url: string;
  /** Connections that were tried so far, whatever became of them. */
  readonly attempts: number;
  /** Nothing passes any more, either way, and neither end is told: a cable pulled out. New connections get no answer. */
  silence(): void;
  /** Resets all connections, and new ones at once: a server that is not there. */
  refuse(): void;
  /** New connections pass again. What was silenced stays silent for ever. */
  restore(): void;
  /** Resets all connections; new ones pass. */
  sever(): void;
  /** Of all connections, only those on which the client has said something marked go silent, for ever; new ones pass. */
  silenceMarked(): void;
  /** Resets all connections; new ones go to another server on this machine. */
  retarget(port: number): void;
  /** From now on all that passes, either way, takes its time; none when null. */
  lag(lag: Lag | null): void;
  /** From now on all connections together carry so many bytes a second towards the client; all there is room for when null. */
  throttle(bytesPerSecond: number | null): void;
}

interface Wire {
  readonly client: Socket;
  readonly server: Socket;
  isMarked: boolean;
  isSilent: boolean;
}

/** What a thin wire carries at a time. */
const SLICE_BYTES = 1024;

/** Starts a proxy on a free port in front of a server on this machine. Long because its methods share what they close over. */
export async function startFaultProxy(target: {
  readonly port: number;
  /** Marks the connections on which the client has said this. */
  readonly mark?: RegExp;
}): Promise<FaultProxy> {
  const wires = new Set<Wire>();
  let attempts = 0;
  let lag: Lag | null = null;
  let targetPort = target.port;
  let state: 'passing' | 'silent' | 'refusing' = 'passing';
  let bytesPerSecond: number | null = null;
  /** Until when the thin wire is taken, by whichever connection. */
  let takenUntil = 0;
  let silenced = 0;
  let lagged = 0;
  const silence = (wire: Wire): void => {
    if (!wire.isSilent) silenced += 1;
    wire.isSilent = true;
    mute(wire);
  };
  /** Hands data on, a slice at a time; the sender waits meanwhile, as for any slow receiver. */
  const carry = async (data: Buffer, from: Socket, to: Socket): Promise<void> => {
    from.pause();
    for (let rest = data; rest.length > 0; rest = rest.subarray(SLICE_BYTES)) {
      const slice = rest.subarray(0, SLICE_BYTES);
      if (bytesPerSecond !== null) {
        takenUntil = Math.max(takenUntil, performance.now()) + (1000 * slice.length) / bytesPerSecond;
        await sleep(takenUntil - performance.now());
      }
      to.write(slice);
    }
    from.resume();
  };
  const server = createServer((client) => {
    attempts += 1;
    if (state === 'refusing') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(targetPort, '127.0.0.1');
    const wire: Wire = { client, server: upstream, isMarked: false, isSilent: false };
    wires.add(wire);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.setNoDelay(true);
      const pipe = new LaggingPipe(to);
      from.on('data', (data) => {
        if (from === client && target.mark?.test(data.toString('latin1'))) wire.isMarked = true;
        if (lag) lagged += 1;
        if (bytesPerSecond === null || from === client) pipe.send(data, lag);
        else void carry(data, from, to);
      });
      from.on('end', () => pipe.end());
      // The other end learns of it in the same way: by its connection being gone.
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        wires.delete(wire);
      });
    }
    if (state === 'silent') silence(wire);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const sever = () => {
    for (const { client, server: upstream } of wires) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    }
  };
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    port: address.port,
    get silenced() {
      return silenced;
    },
    get lagged() {
      return lagged;
    },
    url: `http://127.0.0.1:${address.port}`,
    get attempts() {
      return attempts;
    },
    silence: () => {
      state = 'silent';
      for (const wire of wires) silence(wire);
    },
    restore: () => {
      state = 'passing';
    },
    sever,
    silenceMarked: () => {
      for (const wire of wires) if (wire.isMarked) silence(wire);
    },
    retarget: (port) => {
      targetPort = port;
      sever();
    },
    lag: (next) => {
      lag = next;
    },
    throttle: (limit) => {
      bytesPerSecond = limit;
    },
    refuse: () => {
      state = 'refusing';
      sever();
    },
    [Symbol.asyncDispose]: async () => {
      for (const { client, server: upstream } of wires) {
        client.destroy();
        upstream.destroy();
      }
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** What the ends send is read no more, and what one end does the other never hears. */
function mute({ client, server }: Pick<Wire, 'client' | 'server'>): void {
  for (const socket of [client, server]) {
    socket.removeAllListeners('data');
    socket.removeAllListeners('end');
    socket.removeAllListeners('error');
    socket.removeAllListeners('close');
    socket.on('error', () => undefined);
    socket.pause();
  }
}
