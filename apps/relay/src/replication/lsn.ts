/** `16/B374D848` as a decimal, the form positions have. */
export function lsnToDecimal(lsn: string): string {
  const [high = '0', low = '0'] = lsn.split('/');
  return ((BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`)).toString();
}

/** A decimal LSN in the form Postgres reads. */
export function decimalToLsn(decimal: string): string {
  const value = BigInt(decimal);
  return `${(value >> 32n).toString(16).toUpperCase()}/${(value & 0xffff_ffffn).toString(16).toUpperCase()}`;
}
