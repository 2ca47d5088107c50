/** Throws where nothing of ours is interrupted and the environment's own handler hears of it. */
export function throwAside(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}
