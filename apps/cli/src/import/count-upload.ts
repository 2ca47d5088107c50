/**
 * A `fetch` that says how many bytes of a form it has sent so far, overhead of the form included: `fetch` itself keeps
 * silent about an upload. Other requests pass as they are.
 */
export function countUpload(
  fetch: typeof globalThis.fetch,
  onSent: (sentBytes: number) => void,
): typeof globalThis.fetch {
  return (input, init) => {
    if (!(init?.body instanceof FormData)) return fetch(input, init);
    // A response encodes a form the way a request would, and gives the stream to count.
    const encoded = new Response(init.body);
    const headers = new Headers(init.headers);
    headers.set('content-type', encoded.headers.get('content-type') ?? 'multipart/form-data');
    let sentBytes = 0;
    const counter = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        sentBytes += chunk.byteLength;
        onSent(sentBytes);
        controller.enqueue(chunk);
      },
    });
    const streamed: RequestInit & { readonly duplex: 'half' } = {
      ...init,
      headers,
      body: encoded.body?.pipeThrough(counter) ?? null,
      duplex: 'half',
    };
    return fetch(input, streamed);
  };
}
