/** A case as sentences and locks speak of it. */
export interface NamedCase {
  /** Internal ids. */
  readonly records: readonly number[];
  /** How the case is called in sentences. */
  readonly name: string;
}
