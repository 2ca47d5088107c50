/** Mersenne prime 2^31 − 1: products of two residues stay exact in a double once one factor is split. */
const PRIME = 2_147_483_647;
const FACTOR = 1_000_003;
const STEP = 8_191;
/** Checksums of workspaces are numbers below this. */
export const CHECKSUM_MODULUS = 2 ** 52;

/** a·b mod PRIME, exact: b is taken in two parts so that no product passes 2^53. */
function multiply(a: number, b: number): number {
  const high = (a * Math.floor(b / 65_536)) % PRIME;
  return (high * 65_536 + a * (b % 65_536)) % PRIME;
}

/**
 * What a record in a version adds to the checksum of its workspace. `meldesync_record_checksum` in Postgres computes
 * the same. Not linear, so that a version too high here and one too low there do not cancel out.
 */
export function recordChecksum(id: number, version: number): number {
  const mixed = (multiply(id % PRIME, FACTOR) + multiply(version % PRIME, STEP) + 1) % PRIME;
  const square = multiply(mixed, mixed);
  return multiply((square + (version % PRIME)) % PRIME, (mixed + (id % PRIME)) % PRIME);
}

/**
 * The checksum of a workspace after something was added to it or, as a negative number, taken away. The sum over all its
 * records does not depend on their order, so every change moves it in one step.
 */
export function addToChecksum(checksum: number, amount: number): number {
  return (((checksum + amount) % CHECKSUM_MODULUS) + CHECKSUM_MODULUS) % CHECKSUM_MODULUS;
}

/** How a change moves the checksum of its workspace: versions go up one by one, a delete takes the last one away. */
export function changeChecksum(change: {
  readonly record: number;
  readonly version: number;
  readonly op: string;
}): number {
  const { record, version, op } = change;
  const after = op === 'delete' ? 0 : recordChecksum(record, version);
  return after - (op === 'insert' ? 0 : recordChecksum(record, version - 1));
}
