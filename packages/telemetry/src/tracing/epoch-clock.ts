/** So far the fine clock may be from the one of the system before it follows: the system's was set. */
const MAX_APART_MS = 5;

let origin = performance.timeOrigin;

/** Epoch milliseconds to the microsecond, by which times of several processes can be compared. */
export function epochMs(): number {
  const wall = Date.now();
  const fine = origin + performance.now();
  if (Math.abs(fine - wall) <= MAX_APART_MS) return Math.round(fine * 1_000) / 1_000;
  origin += wall - fine;
  return wall;
}
