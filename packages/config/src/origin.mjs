// Plain JavaScript for the same reason as the catalogue.

/**
 * The origin that an address is: scheme, host and port, whether or not a `/` stands behind them. Undefined for one that says more,
 * which nothing would heed, and for what is none.
 * @param {string} value
 * @returns {string | undefined}
 */
export function originOf(value) {
  if (!URL.canParse(value)) return undefined;
  const { protocol, origin, href } = new URL(value);
  const isWeb = protocol === 'http:' || protocol === 'https:';
  return isWeb && href === `${origin}/` && !/[?#]/.test(value) ? origin : undefined;
}

/** What an origin must be, in words that follow on "must be". */
export const ORIGIN_SAYS = 'an address such as https://meldesync.example, without path, user and password';
