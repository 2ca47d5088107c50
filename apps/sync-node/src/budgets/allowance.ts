/** What somebody may use up: so much at once, and so much again in a second. */
export interface AllowanceRule {
  readonly burst: number;
  readonly perSecond: number;
}

/** What is left of it; below nothing where something cost more than was known before. `at` in milliseconds that only go forward. */
export interface Allowance {
  readonly left: number;
  readonly at: number;
}

export function fullAllowance({ burst }: AllowanceRule, now: number): Allowance {
  return { left: burst, at: now };
}

/** With what time has given back. */
export function refilled({ left, at }: Allowance, { burst, perSecond }: AllowanceRule, now: number): Allowance {
  const gained = (Math.max(0, now - at) / 1_000) * perSecond;
  return { left: Math.min(burst, left + gained), at: now };
}

/** Takes something off, also where there is not so much. */
export function charged(allowance: Allowance, cost: number): Allowance {
  return { ...allowance, left: allowance.left - cost };
}

/** After how many milliseconds there is something again. */
export function msUntilLeft({ left }: Allowance, { perSecond }: AllowanceRule): number {
  return left > 0 ? 0 : Math.ceil(((1 - left) / perSecond) * 1_000);
}
