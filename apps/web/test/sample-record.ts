import type { ClientRecord } from '@meldesync/client';
import { BLANK_CONTENT } from '@meldesync/domain';

/** A record as a page knows it, whose Meldebestätigung cannot be read. */
export function sampleRecord(id: number, caseId: string | null, changes: Partial<ClientRecord> = {}): ClientRecord {
  return {
    id,
    version: 1,
    vorgangsnummer: String(id).padStart(64, '0'),
    ibe: '',
    ...BLANK_CONTENT,
    caseId,
    updatedAt: '2025-01-01T00:00:00.000Z',
    updatedBy: 'user:a',
    mb: null,
    ...changes,
  };
}
