import { describe, expect, it } from 'vitest';
import { countUpload } from './count-upload.ts';

describe('an upload that is counted', () => {
  it('arrives as it was, and its bytes are counted as they go', async () => {
    const content = 'Vorgangsnummer,Meldebestaetigung\n'.repeat(20_000);
    const form = new FormData();
    form.append('file', new Blob([content]), 'Größe.csv');
    const counts: number[] = [];
    let received: FormData | undefined;
    const receive = async (_input: unknown, init?: RequestInit) => {
      received = await new Response(init?.body ?? null, { headers: new Headers(init?.headers) }).formData();
      return new Response();
    };
    const counted = countUpload(receive, (sentBytes) => counts.push(sentBytes));
    await counted('http://127.0.0.1/', { method: 'POST', body: form });
    const file = received?.get('file');
    expect(file instanceof File && file.name).toBe('Größe.csv');
    expect(file instanceof File && (await file.text())).toBe(content);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBeGreaterThan(content.length);
  });
});
