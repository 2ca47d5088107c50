/** A record as it is synced to every client: one Meldebestätigung in one workspace. */
export interface RecordFields {
  /** Internal id; the only name of a record that logs, metrics, traces and URLs may carry. */
  readonly id: number;
  /** Raised by every change; what R2.5 compares. */
  readonly version: number;
  /** Natural key inside the workspace, 64 hexadecimal digits in lower case. */
  readonly vorgangsnummer: string;
  /** The IBE segment in its canonical form; `parseIbeSegment` reads its fields. */
  readonly ibe: string;
  /** Fallnummer of the hospital, null while unknown. */
  readonly caseId: string | null;
  /** Erledigt. */
  readonly done: boolean;
  /** Id of the person who takes care of it, null for nobody. */
  readonly assignee: string | null;
  readonly note: string | null;
}

/** The changes people can make to a record; a field that is absent stays as it is. */
export interface RecordPatch {
  readonly caseId?: string | null;
  readonly done?: boolean;
  readonly assignee?: string | null;
  readonly note?: string | null;
}
