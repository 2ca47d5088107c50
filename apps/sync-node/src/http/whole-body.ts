type Bytes = Uint8Array<ArrayBuffer>;

/** What answers without a body of their own are sent with. */
const bytesOfAnswers = new WeakMap<Response, Bytes>();

/**
 * An answer of bytes that are there already. It holds them beside itself: `Response` would copy them, and copy them again when it is
 * read. Only for what goes to `readBody` as it is, since to all others it has no body.
 */
export function respondWhole(bytes: Bytes, init: ResponseInit): Response {
  const response = new Response(null, init);
  bytesOfAnswers.set(response, bytes);
  return response;
}

/** All that an answer is to be sent with. Bytes of `respondWhole` are not a copy, and must stay as they are. */
export async function readBody(response: Response): Promise<Bytes> {
  return bytesOfAnswers.get(response) ?? new Uint8Array(await response.arrayBuffer());
}
