/** Codes of OpenSSL, and of Node's own, of a certificate that this machine does not trust. */
const UNTRUSTED =
  /^(ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_(HAS_EXPIRED|NOT_YET_VALID|UNTRUSTED|REJECTED|REVOKED|SIGNATURE))/;

/** Whether the code of an error says that who answers has a certificate which this machine does not trust. */
export function isUntrustedCertificate(code: string): boolean {
  return UNTRUSTED.test(code);
}

/** Codes of a side that speaks no TLS where the other one does, and what Postgres' driver says of a server without. */
const NO_TLS = /^(ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG)$|does not support SSL/;

/**
 * What is wrong with the TLS of a connection, in words that follow on a server's name; undefined where an error says something else. No
 * retry helps: somebody else answers there, or an address or a certificate has to be put right.
 */
export function tlsProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (isUntrustedCertificate(code)) return `has a certificate that is not to be trusted (${code})`;
  return NO_TLS.test(code) || NO_TLS.test(error.message) ? 'speaks no TLS' : undefined;
}
