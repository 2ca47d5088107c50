/** The server sent what the protocol does not allow. Names the place, never the content: it may hold health data. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';
}
