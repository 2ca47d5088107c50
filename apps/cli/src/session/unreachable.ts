import { isUntrustedCertificate } from '@meldesync/lifecycle';
import { CliError } from '../errors.ts';
import { systemCode } from '../system-code.ts';

/** That no answer came, and why, as a person can look it up; a certificate that is not trusted is another thing than nobody being there. */
export function unreachable(server: string, error: unknown): CliError {
  const reason = systemCode(error) ?? 'HTTP';
  const key = isUntrustedCertificate(reason) ? 'serverUntrusted' : 'serverUnreachable';
  return new CliError(key, { server, reason }, { cause: error });
}
