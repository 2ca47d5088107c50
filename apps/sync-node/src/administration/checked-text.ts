import { emailAddress, personName } from '@meldesync/domain';
import { CodedError } from '../coded-error.ts';

/** A name as it is kept; throws `name-invalid`. */
export function checkedName(text: string): string {
  const name = personName(text);
  if (name === undefined) throw new CodedError('name-invalid', 'not a name');
  return name;
}

/** An e-mail address as it is kept; throws `email-invalid`. */
export function checkedEmail(text: string): string {
  const email = emailAddress(text);
  if (email === undefined) throw new CodedError('email-invalid', 'not an e-mail address');
  return email;
}

/** The end of something as a date; null for no end, undefined for none said. */
export function momentOf<Text extends string | null | undefined>(
  text: Text,
): Date | (Text extends string ? never : Exclude<Text, string>) {
  return (typeof text === 'string' ? new Date(text) : text) as never;
}
