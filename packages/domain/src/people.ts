/** Longest name of a person, a workspace or a token, in characters as people count them: code points. */
export const MAX_NAME_LENGTH = 100;
/** Longest e-mail address, and what stands before its @ (RFC 5321). */
export const MAX_EMAIL_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;

/** Never in a name: control, format (writing direction among it), private, unassigned, halves of characters, ends of lines, and what is not seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
/** More marks on one letter than any script needs hide the lines around it. */
const STACKED_MARKS = /\p{M}{5}/u;

/**
 * The name of a person, a workspace or a token as it is kept: NFC, without spaces around it, single ones in between. Undefined where it
 * is none: 1 to 100 characters, a letter among them, and nothing that cannot be seen.
 */
export function personName(text: string): string | undefined {
  // Longer than any name could be, whatever becomes of it: nothing of that size is gone through.
  if (text.length > MAX_NAME_LENGTH * 8 || UNSEEN.test(text)) return undefined;
  const name = text
    .normalize('NFC')
    .trim()
    .replace(/\p{Zs}+/gu, ' ');
  if (Array.from(name).length > MAX_NAME_LENGTH || !/\p{L}/u.test(name) || STACKED_MARKS.test(name)) return undefined;
  return name;
}

/** What better-auth takes for one, and so what somebody can sign in with. */
const EMAIL = /^(?!\.)(?!.*\.\.)[a-z0-9_'+\-.]*[a-z0-9_+-]@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** The Kelvin sign in small letters is a `k`: what is of another alphabet must not become somebody else's address. */
const BEYOND_ASCII = /[\u0080-\uffff]/;

/** An e-mail address as it is kept: in lower case, whoever typed it how. Undefined where it is none. */
export function emailAddress(text: string): string | undefined {
  if (text.length > MAX_EMAIL_LENGTH * 2) return undefined;
  const typed = text.trim();
  if (BEYOND_ASCII.test(typed)) return undefined;
  const address = typed.toLowerCase();
  if (address.length > MAX_EMAIL_LENGTH || address.indexOf('@') > MAX_LOCAL_LENGTH) return undefined;
  return EMAIL.test(address) ? address : undefined;
}
