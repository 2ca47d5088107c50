/** How many entity tags of a request are looked at. */
const MAX_TAGS = 20;
const ANY = '*';
/** A version as an entity tag (RFC 9110 §8.8.3). What compresses an answer on its way may have made it a weak one. */
const VERSION_TAG = /^(?:W\/)?"(\d{1,9})"$/;

/** A version as an entity tag. */
export const etagOf = ({ version }: { readonly version: number }) => `"${version}"`;

function tagsIn(header: string): string[] {
  return header.split(',', MAX_TAGS).map((tag) => tag.trim());
}

/** Whether `If-None-Match` names what there is: the client has it (RFC 9110 §13.1.2, by the weak comparison). */
export function isKnown(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  const opaque = (tag: string) => tag.replace(/^W\//, '');
  return ifNoneMatch.trim() === ANY || tagsIn(ifNoneMatch).some((tag) => opaque(tag) === opaque(etag));
}

/**
 * The versions that `If-Match` names, one or several (RFC 9110 §13.1.1); empty where none of its tags is one. Undefined where the request names
 * none, or by `*` whatever there is, which is nothing that anybody has seen (P61).
 */
export function versionsNamed(ifMatch: string | undefined): readonly number[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === ANY) return undefined;
  const versions = tagsIn(ifMatch).map((tag) => Number(VERSION_TAG.exec(tag)?.[1] ?? 0));
  return versions.filter((version) => version > 0);
}
