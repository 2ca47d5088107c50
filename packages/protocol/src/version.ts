/** The WebSocket subprotocol a client must offer (RFC 6455 §1.9). A breaking change of any message makes a new one. */
export const SUBPROTOCOL = 'meldesync.v1';

/** Path of the WebSocket endpoint on every sync node. */
export const SYNC_PATH = '/sync';

/** Path prefix of the HTTP API. */
export const API_PREFIX = '/api/v1';

/**
 * Header of a request over HTTP: the user id of the person that the caller takes itself to be signed in as. The service
 * refuses what comes under another person's session (`signed-in-as-another`); without the header it asks nothing.
 */
export const PERSON_HEADER = 'meldesync-person';
