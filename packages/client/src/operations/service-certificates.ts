import {
  type CertificateState,
  certificateState,
  daysLeft,
  type OperationsCertificate,
  type OperationsProcess,
} from '@meldesync/protocol';

/** How a certificate is, by all nodes together. */
export interface ServiceCertificate {
  readonly source: OperationsCertificate['source'];
  readonly state: CertificateState;
  /** Whole days; null where no node could read it. */
  readonly days: number | null;
  readonly endsAt: string | null;
}

/** Of each source what is over first, so that no node's counts for another's; none where no node looks at any. `at`: ISO 8601. */
export function serviceCertificates(
  processes: readonly Pick<OperationsProcess, 'certificates'>[],
  at: string,
): ServiceCertificate[] {
  const all = processes.flatMap(({ certificates = [] }) => certificates);
  const now = Date.parse(at);
  return (['served', 'file'] as const).flatMap((source) => {
    const seen = all.filter((one) => one.source === source);
    if (seen.length === 0) return [];
    const [endsAt = null] = seen.flatMap((one) => one.endsAt ?? []).toSorted();
    const end = endsAt === null ? null : Date.parse(endsAt);
    return [{ source, state: certificateState(end, now), days: end === null ? null : daysLeft(end, now), endsAt }];
  });
}
