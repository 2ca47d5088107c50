/** Sends the frames of a workspace to its live sockets. */
export interface Fanout {
  /** Queues a frame (JSON); the frames of one tick go out as one message, a single one at once. */
  send(frameJson: string): void;
  /** Sends what is queued now. */
  flush(): void;
}

/**
 * @param publish gives a text to all live sockets of the workspace
 */
export function createFanout(publish: (message: string, frameCount: number) => void): Fanout {
  let pending: string[] = [];
  const flush = () => {
    if (pending.length === 0) return;
    const batch = pending;
    pending = [];
    publish(framesMessage(batch), batch.length);
  };
  return {
    send: (frameJson) => {
      // Redis delivers what came in one read in one go; its frames share a message without anyone waiting for more.
      if (pending.length === 0) setImmediate(flush);
      pending.push(frameJson);
    },
    flush,
  };
}

/** The protocol's `frames` message around frames that are JSON already. */
export function framesMessage(frames: readonly string[]): string {
  return `{"type":"frames","frames":[${frames.join(',')}]}`;
}
