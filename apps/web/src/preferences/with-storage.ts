/**
 * Uses a storage of this browser where there is one. Where it is forbidden or full nothing happens but a warning, which says
 * what follows from that.
 */
export function withStorage(open: () => Storage, consequence: string, use: (storage: Storage) => void): void {
  try {
    use(open());
  } catch (error) {
    console.warn(`This browser refuses storage; ${consequence}:`, error);
  }
}
