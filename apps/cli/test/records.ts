import type { CaseRow, ClientRecord } from '@meldesync/client';
import { BLANK_CONTENT, caseStatus, type Meldebestaetigung } from '@meldesync/domain';
import type { SyncedRecord } from '@meldesync/protocol';

/** A Meldebestätigung that is fine, but for what a test wants otherwise. */
export function makeMb(fields: Partial<Meldebestaetigung> = {}): Meldebestaetigung {
  return {
    code: 'A123456789',
    leistungsdatum: '2024-07-01',
    zaehler: 1,
    leistungserbringerId: '260530103',
    datenknotenId: 'GRZK00001',
    typ: 0,
    indikation: 'H',
    produktzuordnung: 9,
    kostentraeger: 1,
    artDerDaten: 'G',
    artDerSequenzierung: 1,
    qualitaetskontrolle: 1,
    hashString: '',
    hash: '',
    ...fields,
  };
}

/** A record with a Vorgangsnummer of its own. */
export function makeRecord(id: number, fields: Partial<ClientRecord> = {}): ClientRecord {
  return {
    id,
    version: 1,
    vorgangsnummer: id.toString(16).padStart(8, 'a').padEnd(64, '0'),
    ibe: 'IBE',
    ...BLANK_CONTENT,
    updatedAt: '2025-05-12T08:42:07.000000Z',
    updatedBy: 'user:u1',
    mb: makeMb(),
    ...fields,
  };
}

/** A record as the server sends it. */
export function toSynced({ mb: _mb, ...record }: ClientRecord): SyncedRecord {
  return record;
}

/** A case of records that can be read. */
export function makeCase(...records: ReadonlyArray<ClientRecord & { mb: Meldebestaetigung }>): CaseRow {
  const caseId = records[0]?.caseId ?? null;
  return {
    key: `case:${caseId}`,
    caseId,
    genomic: records.filter(({ mb }) => mb.artDerDaten === 'G'),
    clinical: records.filter(({ mb }) => mb.artDerDaten === 'C'),
    unreadable: [],
    status: caseStatus(records),
    latest: { at: records[0]?.updatedAt ?? '', by: records[0]?.updatedBy ?? '' },
  };
}
