/**
 * What `work` comes to, or what `onLate` says when it has not come to anything within the time. `onLate` may throw. The work itself
 * goes on: a rejection that comes later is nobody's.
 */
export async function withTimeout<T, Late = never>(
  work: Promise<T>,
  timeoutMs: number,
  onLate: () => Late,
): Promise<T | Late> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, 'late');
  });
  try {
    const first = await Promise.race([work.then((value) => ({ value })), late]);
    return first === 'late' ? onLate() : first.value;
  } finally {
    clearTimeout(timer);
  }
}
