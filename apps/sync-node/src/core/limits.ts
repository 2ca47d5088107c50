import { MAX_UP_MESSAGE_BYTES } from '@meldesync/protocol';

/*
 * What the node grants a client's socket. The transport and the simulated one keep to the same.
 */

/** Larger messages than this are not even received: the transport cuts the connection. */
export const MAX_PAYLOAD_BYTES = 2 * MAX_UP_MESSAGE_BYTES;
/** Bytes a client may leave unread before it is taken off the feed; it goes on from its cursor and misses nothing (P26). */
export const MAX_UNREAD_BYTES = 1024 * 1024;
/** After so long without any message the transport pings, and ends the connection without an answer. */
export const IDLE_TIMEOUT_MS = 32_000;
/** How much may come before it is known who the client is: there is nothing but `hello` to say. */
export const MAX_EARLY_MESSAGES = 8;
export const MAX_EARLY_CHARACTERS = 16 * 1024;
/** How often the node compares its feeds with Redis, in case the bus dropped something without a word. */
export const POSITION_CHECK_MS = 2_000;
/** An edit is answered within so long of its arrival; where that says `unavailable`, it may have been carried out (P19). */
export const EDIT_LIMIT_MS = 4_500;
/** One that waited for those before it is tried for so long all the same. */
export const LEAST_EDIT_MS = 500;
/** Bytes of edits that were not answered yet, of a connection and of all: what comes beyond that is to be sent again (P19). */
export const MAX_UNANSWERED_BYTES = 2 * 1024 * 1024;
export const MAX_ALL_UNANSWERED_BYTES = 64 * 1024 * 1024;
/** How long it may take to find out who a client is, and then what it needs of its workspace. */
export const GREETING_LIMIT_MS = 5_000;
/** How long clients get to hear why they are disconnected. */
export const CLOSE_GRACE_MS = 200;
/** How long requests that are being answered may still take. */
export const REQUEST_GRACE_MS = 8_000;
