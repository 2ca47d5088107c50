/** The checksum of a workspace (P36): the sum of what its records add, modulo 2^52. */
const PRIME = 2 ** 31 - 1;
const MODULUS = 2 ** 52;

/** What a record in a version adds. */
export function recordChecksum(id: number, version: number): number {
  const i = id % PRIME;
  const v = version % PRIME;
  const m = (times(i, 1_000_003) + times(v, 8_191) + 1) % PRIME;
  return times((times(m, m) + v) % PRIME, (m + i) % PRIME);
}

/** The sum after something was added to it or, as a negative number, taken away. */
export function addToSum(sum: number, amount: number): number {
  return (((sum + amount) % MODULUS) + MODULUS) % MODULUS;
}

/** a·b mod PRIME in whole numbers: b in two parts, so that no product exceeds 2^53. */
function times(a: number, b: number): number {
  const high = (a * Math.floor(b / 65_536)) % PRIME;
  return (high * 65_536 + a * (b % 65_536)) % PRIME;
}
