/** Codes of OpenSSL, and of Node's own, of a certificate that this machine does not trust. */
const UNTRUSTED =
  /^(ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_(HAS_EXPIRED|NOT_YET_VALID|UNTRUSTED|REJECTED|REVOKED|SIGNATURE))/;

/** Whether the code of an error says that who answers has a certificate which this machine does not trust. */
export function isUntrustedCertificate(code: string): boolean {
  return UNTRUSTED.test(code);
}
