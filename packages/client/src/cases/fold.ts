/** Text without case and accents, `ß` like `ss`: what two people type for the same thing. ASCII is the fast case. */
export function fold(text: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/^[\0-\x7F]*$/.test(text)) return text.toLowerCase();
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
}
