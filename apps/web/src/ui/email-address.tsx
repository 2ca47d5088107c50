import { Fragment } from 'react';

const ADDRESS = /^\S+@\S+$/;
/** Before an @ and before each dot. */
const BREAKS = /(?=[@.])/;

/**
 * An e-mail address that, where it does not fit into a line, is broken before its @ or a dot, and not within a word. Any other text,
 * where it may be either, stands as it is.
 */
export function EmailAddress({ address }: { address: string }) {
  if (!ADDRESS.test(address)) return address;
  return address.split(BREAKS).map((part, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- the parts of a text have nothing else
    <Fragment key={index}>
      {index > 0 ? <wbr /> : null}
      {part}
    </Fragment>
  ));
}
