const STEPS = '▁▂▃▄▅▆▇█';

/** Values as a row of bars, each the highest of its share of them; a blank where nothing was measured. */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const count = Math.min(width, values.length);
  const bars = Array.from({ length: count }, (_, bar) => {
    const part = values.slice(
      Math.floor((bar * values.length) / count),
      Math.floor(((bar + 1) * values.length) / count),
    );
    const measured = part.filter((value) => value !== null);
    return measured.length === 0 ? null : Math.max(...measured);
  });
  const top = Math.max(0, ...bars.filter((bar) => bar !== null));
  return bars
    .map((bar) => {
      if (bar === null) return ' ';
      const step = top === 0 ? 0 : Math.round((bar / top) * (STEPS.length - 1));
      return STEPS[step] ?? ' ';
    })
    .join('');
}
