const EXCERPT_LENGTH = 24;

/** Input made fit to be quoted in a finding: at most 24 characters, nothing invisible. */
export function excerpt(text: string): string {
  const shortened = text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH - 1)}…` : text;
  return shortened.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
